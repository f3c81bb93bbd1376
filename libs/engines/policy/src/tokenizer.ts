import { PolicySyntaxError } from './policy-error';
import { END_SYMBOL, type Comment, type Token, type TokenKind } from './token';

const BLANK = /[ \t\r\n]+/y;
const COMMENT = /\/\/[^\r\n]*/y;
const IDENTIFIER = /[A-Za-z_][A-Za-z0-9_]*/y;
const INTEGER = /-?[0-9]+/y;
/** JSON's strings (RFC 8259 section 7). */
const STRING = /"(?:[ !#-[\]-\u{10ffff}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;
/** Longest first. */
const PUNCTUATION = /=>|==|!=|<=|>=|&&|[=<>!:;,.()[\]{}]/y;

const PATTERNS: readonly (readonly [TokenKind, RegExp])[] = [
  ['identifier', IDENTIFIER],
  ['integer', INTEGER],
  ['string', STRING],
  ['punctuation', PUNCTUATION],
];

/**
 * Splits a policy text into tokens, the last of which is the end.
 *
 * @throws PolicySyntaxError at the first character that begins no token
 */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const place = new Place(text);
  for (;;) {
    const comments = skipBlanks(place, tokens.at(-1));
    if (place.offset === text.length) {
      return [...tokens, place.token('end', END_SYMBOL, text.length, comments)];
    }
    tokens.push(nextToken(text, place, comments));
  }
}

function skipBlanks(place: Place, before: Token | undefined): readonly Comment[] {
  const comments: Comment[] = [];
  for (;;) {
    place.skip(BLANK);
    const text = place.match(COMMENT);
    if (text === undefined) return comments;
    comments.push({ text: text.trimEnd(), beside: place.line === before?.line });
    place.skip(COMMENT);
  }
}

function nextToken(text: string, place: Place, comments: readonly Comment[]): Token {
  for (const [kind, pattern] of PATTERNS) {
    const found = place.match(pattern);
    if (found !== undefined) {
      const token = place.token(kind, found, place.offset + found.length, comments);
      place.skip(pattern);
      return token;
    }
  }
  const symbol = String.fromCodePoint(text.codePointAt(place.offset) ?? 0);
  throw new PolicySyntaxError({
    line: place.line,
    column: place.column,
    offendingSymbol: symbol,
    failingRule: 'policy',
    failureMessage: `token recognition error at: '${symbol}'`,
    expected: [],
  });
}

/** Where the reader is, in offsets and in lines and columns. */
class Place {
  readonly #text: string;
  offset = 0;
  line = 1;
  #lineStart = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get column(): number {
    return this.offset - this.#lineStart + 1;
  }

  match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.offset;
    return pattern.exec(this.#text)?.[0];
  }

  skip(pattern: RegExp): void {
    const end = this.offset + (this.match(pattern)?.length ?? 0);
    for (; this.offset < end; this.offset += 1) {
      if (this.#text[this.offset] !== '\n') continue;
      this.line += 1;
      this.#lineStart = this.offset + 1;
    }
  }

  token(kind: TokenKind, text: string, end: number, comments: readonly Comment[]): Token {
    return {
      kind,
      text,
      ...(kind === 'string' && { value: JSON.parse(text) as string }),
      line: this.line,
      column: this.column,
      comments,
      start: this.offset,
      end,
    };
  }
}
