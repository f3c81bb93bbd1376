import { ClaimsError } from './claims-error';

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [member: string]: JsonValue;
}

/** Deeper documents are refused before anything recursive looks at them. */
export const MAX_JSON_DEPTH = 64;

const STRUCTURE = /["{}[\]]/g;
const STRING_END = /["\\]/g;
const COLON_NEXT = /[ \t\r\n]*:/y;

/**
 * JSON with exactly one reading: members may not repeat (RFC 8259 section 4 leaves the meaning of
 * repeated names open, and two parsers that differ there can be played against each other).
 *
 * @throws ClaimsError CLAIMS_JSON_MALFORMED, CLAIMS_JSON_DUPLICATE_MEMBER or CLAIMS_JSON_TOO_DEEP
 */
export function parseJson(text: string, field = 'json'): JsonValue {
  assertUnambiguous(text, field);
  return parseWellFormed(text, field);
}

/** `parseJson` for documents whose top is an object. */
export function parseJsonObject(text: string, field = 'json'): JsonObject {
  const value = parseJson(text, field);
  if (isJsonObject(value)) return value;
  throw new ClaimsError('CLAIMS_JSON_NOT_AN_OBJECT', `${field} is not a JSON object`, { field });
}

export function isJsonObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseWellFormed(text: string, field: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (cause) {
    throw new ClaimsError('CLAIMS_JSON_MALFORMED', `${field} is not JSON`, { field, cause });
  }
}

/** One pass over the brackets and strings; `JSON.parse` judges everything else. */
function assertUnambiguous(text: string, field: string): void {
  const open: (Set<string> | undefined)[] = [];
  STRUCTURE.lastIndex = 0;
  for (let found = STRUCTURE.exec(text); found; found = STRUCTURE.exec(text)) {
    const mark = found[0];
    if (mark === '"') {
      const end = endOfString(text, found.index, field);
      STRUCTURE.lastIndex = end;
      COLON_NEXT.lastIndex = end;
      if (COLON_NEXT.test(text)) addMember(open.at(-1), text.slice(found.index, end), field);
    } else if (mark === '{' || mark === '[') {
      if (open.length === MAX_JSON_DEPTH) {
        throw new ClaimsError('CLAIMS_JSON_TOO_DEEP', `${field} is nested too deeply`, { field });
      }
      open.push(mark === '{' ? new Set() : undefined);
    } else {
      open.pop();
    }
  }
}

/** Index after the closing quote of the string that begins at `start`. */
function endOfString(text: string, start: number, field: string): number {
  STRING_END.lastIndex = start + 1;
  for (let found = STRING_END.exec(text); found; found = STRING_END.exec(text)) {
    if (found[0] === '"') return found.index + 1;
    STRING_END.lastIndex = found.index + 2;
  }
  throw new ClaimsError('CLAIMS_JSON_MALFORMED', `${field} ends inside a string`, { field });
}

function addMember(members: Set<string> | undefined, literal: string, field: string): void {
  // Names are compared as they read, so that an escaped spelling cannot hide a repetition.
  const name = String(parseWellFormed(literal, field));
  if (!members) return;
  if (members.has(name)) {
    throw new ClaimsError('CLAIMS_JSON_DUPLICATE_MEMBER', `${field} repeats a member`, { field });
  }
  members.add(name);
}
