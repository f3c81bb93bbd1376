import { ClaimsError } from './claims-error';

const ASCII = /^[\x20-\x7e]*$/;
const encoder = new TextEncoder();

/**
 * Compact JSON with the members of every object in byte order of their UTF-8 names, nested ones too:
 * the form in which Azure Attestation serialises token headers and bodies. Members that are
 * `undefined` are left out; a `bigint` is written as the integer it is.
 *
 * @throws ClaimsError CLAIMS_NOT_JSON when a value has no JSON form
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item)).join(',')}]`;
  if (typeof value === 'object' && value !== null) return canonicalObject(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number' && !Number.isFinite(value)) throw notJson('number');
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) throw notJson(typeof value);
  return text;
}

function canonicalObject(object: object): string {
  const members = Object.entries(object as Record<string, unknown>)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => compareNames(a, b));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`).join(',')}}`;
}

/** UTF-16 order is byte order for ASCII names, which is what nearly all are; other names are compared as bytes. */
function compareNames(a: string, b: string): number {
  if (ASCII.test(a) && ASCII.test(b)) return a < b ? -1 : a > b ? 1 : 0;
  return Buffer.compare(encoder.encode(a), encoder.encode(b));
}

function notJson(what: string): ClaimsError {
  return new ClaimsError('CLAIMS_NOT_JSON', `a ${what} has no JSON form`);
}
