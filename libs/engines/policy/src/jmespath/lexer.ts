import type { JsonValue } from '@touchstone/claims';
import { querySyntaxError } from './query-error';

export type QueryTokenKind = 'identifier' | 'quoted' | 'literal' | 'number' | 'end' | Punctuation;

const PUNCTUATION = [
  ...['[]', '[?', '&&', '||', '==', '!=', '<=', '>='],
  ...['.', '*', '@', '[', ']', '{', '}', '(', ')', ',', ':', '|', '&', '!', '<', '>'],
] as const;
export type Punctuation = (typeof PUNCTUATION)[number];

export interface QueryToken {
  readonly kind: QueryTokenKind;
  /** Name of an identifier, quoted or not. */
  readonly name: string;
  /** Of a literal or number. */
  readonly value: JsonValue;
  readonly offset: number;
}

const BLANK = /[ \t\r\n]*/y;
const IDENTIFIER = /[A-Za-z_][A-Za-z0-9_]*/y;
const NUMBER = /-?[0-9]+/y;
const QUOTED = /"(?:[^"\\]|\\.)*"/sy;
const RAW = /'(?:[^'\\]|\\.)*'/sy;
const LITERAL = /`(?:[^`\\]|\\.)*`/sy;

/** Splits a JMESPath expression (jmespath.org, Grammar) into tokens, the last of which is the end. */
export function tokenizeQuery(text: string): readonly QueryToken[] {
  const tokens: QueryToken[] = [];
  let offset = match(BLANK, text, 0)?.length ?? 0;
  while (offset < text.length) {
    const { length, ...token } = nextToken(text, offset);
    tokens.push(token);
    offset += length;
    offset += match(BLANK, text, offset)?.length ?? 0;
  }
  return [...tokens, { kind: 'end', name: '', value: null, offset }];
}

type Scanned = QueryToken & { readonly length: number };

function nextToken(text: string, offset: number): Scanned {
  const identifier = match(IDENTIFIER, text, offset);
  if (identifier !== undefined) return scanned('identifier', offset, identifier.length, identifier);
  const number = match(NUMBER, text, offset);
  if (number !== undefined) return scanned('number', offset, number.length, number, Number(number));
  const quoted = match(QUOTED, text, offset);
  if (quoted !== undefined) {
    return scanned('quoted', offset, quoted.length, quotedName(quoted, offset));
  }
  const raw = match(RAW, text, offset);
  if (raw !== undefined) {
    // Only the quote itself is escaped; every other backslash stands for itself.
    return scanned('literal', offset, raw.length, '', raw.slice(1, -1).replaceAll("\\'", "'"));
  }
  const literal = match(LITERAL, text, offset);
  if (literal !== undefined) {
    return scanned('literal', offset, literal.length, '', literalValue(literal, offset));
  }
  const mark = PUNCTUATION.find((candidate) => text.startsWith(candidate, offset));
  if (mark !== undefined) return scanned(mark, offset, mark.length, mark);
  throw querySyntaxError(`unknown character '${text.charAt(offset)}'`, offset);
}

const scanned = (
  kind: QueryTokenKind,
  offset: number,
  length: number,
  name: string,
  value: JsonValue = null,
): Scanned => ({ kind, name, value, offset, length });

function match(pattern: RegExp, text: string, offset: number): string | undefined {
  pattern.lastIndex = offset;
  return pattern.exec(text)?.[0];
}

function quotedName(text: string, offset: number): string {
  const name = parsed(text);
  if (typeof name === 'string') return name;
  throw querySyntaxError('a quoted identifier is a JSON string', offset);
}

/** JSON between backticks. Text that is no JSON is read as if its quotes had been left out, as JMESPath once allowed. */
function literalValue(text: string, offset: number): JsonValue {
  const inner = text.slice(1, -1).replaceAll('\\`', '`').trimStart();
  const json = parsed(inner);
  const value = json === undefined ? parsed(`"${inner}"`) : json;
  if (value === undefined) throw querySyntaxError('a literal is JSON', offset);
  return value;
}

/** `null` is a value, so that only a failure is undefined. */
function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}
