import { isJsonObject, parseJson, type JsonObject, type JsonValue } from '@touchstone/claims';
import {
  ClaimIssuer,
  JsonDocument,
  claimOf,
  type Claim,
  type ClaimValue,
} from '@touchstone/policy';
import { PolicyFileError } from './policy-file';

/**
 * Claims as people write them down, in either form:
 *
 * - `{"x-ms-sgx-svn": 3, "label": ["a", "b"]}`: claims of the service by name; an array stands for several of one name,
 *   an object for JSON.
 * - `[{"type": "label", "value": "a", "issuer": "CustomClaim"}]`: one by one; `issuer` is the service when it is left
 *   out, and `valueType` `JSON` makes a document of a text.
 *
 * @throws PolicyFileError CLAIMS_FILE_INVALID with `field`
 */
export function readClaims(text: string, file: string): readonly Claim[] {
  const json = parsed(text, file);
  if (Array.isArray(json)) {
    return json.map((item: JsonValue, index) => listed(item, `${file}[${index}]`));
  }
  if (!isJsonObject(json)) throw invalid(file, 'claims are an object or an array');
  return Object.entries(json).flatMap(([type, value]) => named(type, value, `${file}.${type}`));
}

function named(type: string, value: JsonValue, field: string): readonly Claim[] {
  const values: readonly JsonValue[] = Array.isArray(value) ? value : [value];
  return values.map((item) => claimOf(type, claimValue(item, field), ClaimIssuer.service));
}

function listed(item: JsonValue, field: string): Claim {
  if (!isJsonObject(item)) throw invalid(field, 'a claim is an object');
  const { type, value = null, valueType, issuer = ClaimIssuer.service } = item;
  if (typeof type !== 'string') throw invalid(`${field}.type`, 'a claim has a type');
  if (typeof issuer !== 'string') throw invalid(`${field}.issuer`, 'an issuer is a name');
  const claim = claimOf(type, typedValue(value, valueType, `${field}.value`), issuer);
  if (valueType === undefined || valueType === claim.valueType) return claim;
  throw invalid(`${field}.valueType`, `the value is of type ${claim.valueType}`);
}

function typedValue(
  value: JsonValue,
  valueType: JsonObject[string] | undefined,
  field: string,
): ClaimValue {
  if (valueType !== 'JSON')
    return Array.isArray(value) ? JsonDocument.of(value) : claimValue(value, field);
  return typeof value === 'string' ? JsonDocument.parse(value) : JsonDocument.of(value);
}

function claimValue(value: JsonValue, field: string): ClaimValue {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) return value;
    throw invalid(field, 'a number is an integer, and one that JSON keeps exact');
  }
  if (value === null) throw invalid(field, 'null is not the value of a claim');
  return JsonDocument.of(value);
}

function parsed(text: string, file: string): JsonValue {
  try {
    return parseJson(text, file);
  } catch (cause) {
    throw invalid(file, 'it is not JSON', cause);
  }
}

const invalid = (field: string, why: string, cause?: unknown): PolicyFileError =>
  new PolicyFileError('CLAIMS_FILE_INVALID', `${field}: ${why}`, { field, cause });
