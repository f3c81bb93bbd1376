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
  if (typeof value === 'object' && value !== null) {
    return canonicalObject(value as Readonly<Record<string, unknown>>);
  }
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number' && !Number.isFinite(value)) throw notJson('number');
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) throw notJson(typeof value);
  return text;
}

function canonicalObject(object: Readonly<Record<string, unknown>>): string {
  let text = '';
  for (const name of sortedNames(object)) {
    const member = object[name];
    if (member === undefined) continue;
    text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${canonicalJson(member)}`;
  }
  return `{${text}}`;
}

/** UTF-16 order is byte order for ASCII names, which is what nearly all are; other names are compared as bytes. */
function sortedNames(object: object): readonly string[] {
  const names = Object.keys(object);
  if (names.every((name) => ASCII.test(name))) return names.sort();
  return names.sort((a, b) => Buffer.compare(encoder.encode(a), encoder.encode(b)));
}

function notJson(what: string): ClaimsError {
  return new ClaimsError('CLAIMS_NOT_JSON', `a ${what} has no JSON form`);
}
