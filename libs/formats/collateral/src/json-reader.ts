import { CollateralError } from './collateral-error';

/** Characters of one signed document, at most; the largest that Intel serves is below 20,000. */
export const MAX_DOCUMENT_CHARACTERS = 1024 * 1024;

/** Objects and arrays inside one another, at most. */
export const MAX_JSON_DEPTH = 16;

/** Members and elements of one document, at most. */
export const MAX_JSON_VALUES = 100_000;

/** Integers are the only numbers in Intel's documents. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** Members by name, with the range of text from the opening brace to the matching closing brace. */
export class JsonObject {
  constructor(
    readonly members: ReadonlyMap<string, Json>,
    readonly start: number,
    readonly end: number,
  ) {}
}

const [SPACE, TAB, LINE_FEED, CARRIAGE_RETURN] = [0x20, 0x09, 0x0a, 0x0d];
const LITERALS: readonly (readonly [string, Json])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
];
const INTEGER = /(?:0|-?[1-9]\d{0,14})(?![\d.eE])/y;
/** A string that stands for itself: most do, and need no reader of escapes. */
// eslint-disable-next-line no-control-regex
const PLAIN_STRING = /"[^"\\\u0000-\u001f]*"/y;

/**
 * Reads JSON strictly and keeps where each object stands in the text, so that a signature is checked over the characters
 * that arrived. A member name that appears twice, a number that is no integer, depth and size beyond the limits are refused:
 * two readers must never see two documents in the same bytes.
 */
export function readJson(text: string): Json {
  if (text.length > MAX_DOCUMENT_CHARACTERS) throw tooLarge('the document is too long');
  return new Reader(text).document();
}

class Reader {
  readonly #text: string;
  #at = 0;
  #values = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): Json {
    this.#blank();
    const value = this.#value(0);
    this.#blank();
    if (this.#at !== this.#text.length) throw this.#malformed('text after the document');
    return value;
  }

  #value(depth: number): Json {
    if (depth > MAX_JSON_DEPTH) throw tooLarge(`nested deeper than ${MAX_JSON_DEPTH}`);
    if (++this.#values > MAX_JSON_VALUES) throw tooLarge(`more than ${MAX_JSON_VALUES} values`);
    switch (this.#text.charAt(this.#at)) {
      case '{':
        return this.#object(depth);
      case '[':
        return this.#array(depth);
      case '"':
        return this.#string();
      default:
        return this.#scalar();
    }
  }

  #object(depth: number): JsonObject {
    const start = this.#at++;
    const members = new Map<string, Json>();
    for (let more = !this.#closes('}'); more; more = this.#continues('}')) {
      const name = this.#string();
      if (members.has(name)) throw this.#malformed('a member name appears twice');
      this.#blank();
      this.#expect(':');
      this.#blank();
      members.set(name, this.#value(depth + 1));
    }
    return new JsonObject(members, start, this.#at);
  }

  #array(depth: number): readonly Json[] {
    this.#at++;
    const elements: Json[] = [];
    for (let more = !this.#closes(']'); more; more = this.#continues(']')) {
      elements.push(this.#value(depth + 1));
    }
    return elements;
  }

  /** After an opening bracket: whether it closes at once. */
  #closes(bracket: string): boolean {
    this.#blank();
    if (this.#text.charAt(this.#at) !== bracket) return false;
    this.#at++;
    return true;
  }

  /** After an item: whether another follows. */
  #continues(bracket: string): boolean {
    if (this.#closes(bracket)) return false;
    this.#expect(',');
    this.#blank();
    return true;
  }

  #string(): string {
    const start = this.#at;
    if (this.#passes(PLAIN_STRING)) return this.#text.slice(start + 1, this.#at - 1);
    if (this.#text.charAt(start) !== '"') throw this.#malformed('not a string');
    let end = start + 1;
    while (end < this.#text.length && this.#text.charAt(end) !== '"') {
      end += this.#text.charAt(end) === '\\' ? 2 : 1;
    }
    this.#at = end + 1;
    try {
      return String(JSON.parse(this.#text.slice(start, this.#at)));
    } catch {
      throw this.#malformed('not a string');
    }
  }

  #scalar(): Json {
    const start = this.#at;
    if (this.#passes(INTEGER)) return Number(this.#text.slice(start, this.#at));
    for (const [word, value] of LITERALS) {
      if (!this.#text.startsWith(word, start)) continue;
      this.#at += word.length;
      return value;
    }
    throw this.#malformed('not a value');
  }

  /** Passes over what the pattern finds right here, if it does. */
  #passes(sticky: RegExp): boolean {
    sticky.lastIndex = this.#at;
    if (!sticky.test(this.#text)) return false;
    this.#at = sticky.lastIndex;
    return true;
  }

  #expect(character: string): void {
    if (this.#text.charAt(this.#at) !== character)
      throw this.#malformed(`'${character}' is missing`);
    this.#at++;
  }

  #blank(): void {
    while (isBlank(this.#text.charCodeAt(this.#at))) this.#at++;
  }

  #malformed(why: string): CollateralError {
    return new CollateralError('COLLATERAL_JSON_MALFORMED', `${why} at character ${this.#at}`);
  }
}

const isBlank = (code: number): boolean =>
  code === SPACE || code === LINE_FEED || code === CARRIAGE_RETURN || code === TAB;

const tooLarge = (why: string): CollateralError =>
  new CollateralError('COLLATERAL_LIMIT_EXCEEDED', why);
