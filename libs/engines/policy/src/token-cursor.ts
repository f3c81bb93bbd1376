import { PolicySyntaxError } from './policy-error';
import type { Token, TokenKind } from './token';

/** Walks over tokens and knows the stack of grammar rules, for the error text. */
export class TokenCursor {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  readonly #rules: string[] = [];
  #next = 0;

  constructor(text: string, tokens: readonly Token[]) {
    this.#text = text;
    this.#tokens = tokens;
  }

  get current(): Token {
    const token = this.#tokens[this.#next];
    if (!token) throw new RangeError('the cursor is past the end');
    return token;
  }

  /** Whether the current token is this punctuation or identifier, letter for letter. */
  at(text: string): boolean {
    return this.current.text === text && this.current.kind !== 'string';
  }

  /** Whether the current token is this word in any letter case. */
  atWord(word: string): boolean {
    return this.current.kind === 'identifier' && this.current.text.toLowerCase() === word;
  }

  take(): Token {
    const token = this.current;
    if (token.kind !== 'end') this.#next += 1;
    return token;
  }

  takeIf(text: string): boolean {
    if (!this.at(text)) return false;
    this.take();
    return true;
  }

  expect(text: string): Token {
    return this.at(text) ? this.take() : this.mismatch(`'${text}'`);
  }

  expectWord(word: string): Token {
    return this.atWord(word) ? this.take() : this.mismatch(`'${word}'`);
  }

  expectKind(kind: TokenKind, name: string): Token {
    return this.current.kind === kind ? this.take() : this.mismatch(name);
  }

  expectOneOf<Text extends string>(texts: readonly Text[]): Text {
    const found = texts.find((text) => this.at(text));
    if (found === undefined)
      return this.mismatch(`{${texts.map((text) => `'${text}'`).join(', ')}}`);
    this.take();
    return found;
  }

  /** Reads one grammar rule under its name. */
  within<Result>(rule: string, read: () => Result): Result {
    this.#rules.push(rule);
    const result = read();
    this.#rules.pop();
    return result;
  }

  /** What was written from `start` up to the token before the current one. */
  sourceSince(start: Token): string {
    const last = this.#tokens[this.#next - 1];
    return this.#text.slice(start.start, last?.end ?? start.end);
  }

  mismatch(expecting: string): never {
    return this.fail(`mismatched input '${this.current.text}' expecting ${expecting}`);
  }

  fail(failureMessage: string, token: Token = this.current): never {
    throw new PolicySyntaxError({
      line: token.line,
      column: token.column,
      offendingSymbol: token.text,
      failingRule: this.#rules.join(' > '),
      failureMessage,
    });
  }
}
