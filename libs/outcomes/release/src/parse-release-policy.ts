import { fromBase64Lenient, fromUtf8, toBase64Url, toUtf8 } from '@touchstone/bytes';
import { parseJson as parseUnambiguousJson } from '@touchstone/claims';
import { ReleaseError } from './release-error';
import type { ReleaseErrorCode } from './release-error';
import { OPERATORS, canonicalReleasePolicy } from './release-policy';
import type { AuthorityEntry, ClaimCondition, Condition, ConditionGroup } from './release-policy';
import type { Operator, ReleasePolicy, Scalar } from './release-policy';
import { withoutTrailingCommas } from './trailing-commas';

/** Of the JSON text, before it is base64. */
export const MAX_RELEASE_POLICY_BYTES = 32 * 1024;
/** Groups inside each other, the group of the authority entry included. */
export const MAX_RELEASE_POLICY_DEPTH = 8;
/** Claim conditions and groups in the whole policy. */
export const MAX_RELEASE_POLICY_CONDITIONS = 256;
/** Each is asked for its keys when the policy is written. */
export const MAX_RELEASE_POLICY_AUTHORITIES = 32;
const MAX_BASE64_CHARACTERS = Math.ceil(MAX_RELEASE_POLICY_BYTES / 3) * 4;
const MAX_VERSION_CHARACTERS = 32;
/** What `exists` may be compared with, as text too. */
const EXISTENCE: readonly unknown[] = [true, false, 'true', 'false'];

/** The `data` of a `release_policy`: base64url, or standard base64, padded or not, of the JSON text. */
export function parseReleasePolicy(data: string): ReleasePolicy {
  if (data.length > MAX_BASE64_CHARACTERS) throw tooLarge();
  let text: string;
  try {
    text = toUtf8(fromBase64Lenient(data));
  } catch (cause) {
    const message = 'the policy data is not base64url of UTF-8 text';
    throw new ReleaseError('RELEASE_POLICY_MALFORMED', message, { field: 'data', cause });
  }
  return parseReleasePolicyText(text);
}

/** JSON text of a policy, grammar 1.0.0. Trailing commas are taken; unknown or repeated members
 * and empty groups are not. */
export function parseReleasePolicyText(text: string): ReleasePolicy {
  if (fromUtf8(text).length > MAX_RELEASE_POLICY_BYTES) throw tooLarge();
  const policy = record(parseJson(text), 'policy');
  refuseOthers(policy, ['version', 'anyOf'], 'policy');
  const budget = { conditions: MAX_RELEASE_POLICY_CONDITIONS };
  return {
    version: versionOf(policy['version']),
    anyOf: list(policy['anyOf'], 'anyOf', MAX_RELEASE_POLICY_AUTHORITIES).map((entry, i) =>
      authorityEntry(entry, `anyOf[${i}]`, budget),
    ),
  };
}

/** The stored `data`: unpadded base64url of the canonical text. */
export function encodeReleasePolicy(policy: ReleasePolicy): string {
  return toBase64Url(fromUtf8(canonicalReleasePolicy(policy)));
}

interface Budget {
  conditions: number;
}

function parseJson(text: string): unknown {
  try {
    return parseUnambiguousJson(withoutTrailingCommas(text), 'data');
  } catch (cause) {
    throw new ReleaseError('RELEASE_POLICY_MALFORMED', 'the policy is not JSON', {
      field: 'data',
      cause,
    });
  }
}

/** Other versions than 1.0.0 are in use; `1.0` is the only one known to be written anew. */
function versionOf(value: unknown): string {
  if (typeof value !== 'string' || value === '' || value.length > MAX_VERSION_CHARACTERS) {
    throw grammar('version', 'must be a short string');
  }
  return value === '1.0' ? '1.0.0' : value;
}

function authorityEntry(value: unknown, path: string, budget: Budget): AuthorityEntry {
  const entry = record(value, path);
  refuseOthers(entry, ['authority', 'allOf', 'anyOf'], path);
  return {
    authority: authorityUrl(entry['authority'], `${path}.authority`),
    group: group(entry, path, budget, 1),
  };
}

/** Keys are fetched from here, so it is a plain https URL: no credentials, query or fragment. */
function authorityUrl(value: unknown, path: string): string {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
  if (typeof value !== 'string' || url === undefined || url.protocol !== 'https:') {
    throw grammar(path, 'must be an https URL');
  }
  if (url.username !== '' || url.password !== '' || /[?#]/.test(value)) {
    throw grammar(path, 'must have no credentials, query or fragment');
  }
  return value;
}

function group(
  holder: Readonly<Record<string, unknown>>,
  path: string,
  budget: Budget,
  depth: number,
): ConditionGroup {
  if (depth > MAX_RELEASE_POLICY_DEPTH)
    throw refused('RELEASE_POLICY_TOO_DEEP', path, 'is nested too deeply');
  const all = Object.hasOwn(holder, 'allOf');
  if (all === Object.hasOwn(holder, 'anyOf'))
    throw grammar(path, 'must have exactly one of allOf and anyOf');
  const match = all ? 'allOf' : 'anyOf';
  const at = `${path}.${match}`;
  const conditions = list(holder[match], at).map((each, i) =>
    condition(each, `${at}[${i}]`, budget, depth),
  );
  return { match, conditions };
}

function condition(value: unknown, path: string, budget: Budget, depth: number): Condition {
  budget.conditions -= 1;
  if (budget.conditions < 0) {
    throw refused('RELEASE_POLICY_TOO_MANY_CONDITIONS', path, 'is one condition too many');
  }
  const holder = record(value, path);
  if (Object.hasOwn(holder, 'claim')) return claimCondition(holder, path);
  refuseOthers(holder, ['allOf', 'anyOf'], path);
  return group(holder, path, budget, depth + 1);
}

function claimCondition(holder: Readonly<Record<string, unknown>>, path: string): ClaimCondition {
  refuseOthers(holder, ['claim', ...OPERATORS], path);
  const { claim } = holder;
  if (typeof claim !== 'string' || claim === '')
    throw grammar(`${path}.claim`, 'must be the name of a claim');
  const operators = OPERATORS.filter((name) => Object.hasOwn(holder, name));
  const [operator] = operators;
  if (operator === undefined || operators.length > 1)
    throw grammar(path, 'must have exactly one operator');
  return { claim, operator, value: scalar(holder[operator], operator, `${path}.${operator}`) };
}

function scalar(value: unknown, operator: Operator, path: string): Scalar {
  if (operator === 'exists' && !EXISTENCE.includes(value)) {
    throw grammar(path, 'must be true or false');
  }
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw grammar(path, 'must be a string, a number or a boolean');
}

function record(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw grammar(path, 'must be an object');
  }
  return value as Readonly<Record<string, unknown>>;
}

function list(
  value: unknown,
  path: string,
  limit = MAX_RELEASE_POLICY_CONDITIONS,
): readonly unknown[] {
  if (!Array.isArray(value) || value.length === 0)
    throw grammar(path, 'must be a list with at least one entry');
  if (value.length > limit) {
    throw refused('RELEASE_POLICY_TOO_MANY_CONDITIONS', path, 'has too many entries');
  }
  return value;
}

function refuseOthers(
  holder: Readonly<Record<string, unknown>>,
  known: readonly string[],
  path: string,
): void {
  const other = Object.keys(holder).find((name) => !known.includes(name));
  if (other !== undefined)
    throw grammar(`${path}.${other.slice(0, 64)}`, 'is not part of the grammar');
}

const refused = (code: ReleaseErrorCode, field: string, why: string): ReleaseError =>
  new ReleaseError(code, `${field} ${why}`, { field });

const grammar = (field: string, why: string): ReleaseError =>
  refused('RELEASE_POLICY_GRAMMAR', field, why);

const tooLarge = (): ReleaseError => refused('RELEASE_POLICY_TOO_LARGE', 'data', 'is too large');
