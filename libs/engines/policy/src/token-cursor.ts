import type { Comments } from './ast';
import { PolicySyntaxError } from './policy-error';
import type { Comment, Token, TokenKind } from './token';

/**
 * Walks over tokens and knows, for the error text, the stack of grammar rules and everything that was
 * looked for at the current token.
 */
export class TokenCursor {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  readonly #rules: string[] = [];
  #next = 0;
  #lookedFor: string[] = [];
  #comments: Comment[] = [];
  #beside: Comment | undefined;

  constructor(text: string, tokens: readonly Token[]) {
    this.#text = text;
    this.#tokens = tokens;
  }

  get current(): Token {
    return this.#token(this.#next);
  }

  /** The token after the current one. */
  get following(): Token {
    return this.#token(Math.min(this.#next + 1, this.#tokens.length - 1));
  }

  /** Whether the current token is this punctuation or identifier, letter for letter. */
  at(text: string): boolean {
    this.#lookedFor.push(quoted(text));
    return this.current.text === text && this.current.kind !== 'string';
  }

  /** Whether the current token is this word in any letter case. */
  atWord(word: string): boolean {
    this.#lookedFor.push(quoted(word));
    return this.current.kind === 'identifier' && this.current.text.toLowerCase() === word;
  }

  /** Whether the current token is of a kind, which the grammar calls `name`. */
  atKind(kind: TokenKind, name: string): boolean {
    this.#lookedFor.push(name);
    return this.current.kind === kind;
  }

  take(): Token {
    const token = this.current;
    this.#lookedFor = [];
    this.#comments.push(...token.comments.filter((comment) => comment !== this.#beside));
    if (token.kind !== 'end') this.#next += 1;
    return token;
  }

  takeIf(text: string): boolean {
    if (!this.at(text)) return false;
    this.take();
    return true;
  }

  expect(text: string): Token {
    return this.at(text) ? this.take() : this.mismatch();
  }

  expectWord(word: string): Token {
    return this.atWord(word) ? this.take() : this.mismatch();
  }

  expectKind(kind: TokenKind, name: string): Token {
    return this.atKind(kind, name) ? this.take() : this.mismatch();
  }

  expectOneOf<Text extends string>(texts: readonly Text[]): Text {
    const found = texts.filter((text) => this.at(text))[0];
    if (found === undefined) return this.mismatch();
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

  /** Comments before the tokens that were taken since the last call, and the one beside the last of them. */
  takeComments(): Comments {
    const above = this.#comments.map(({ text }) => text);
    this.#comments = [];
    const [first] = this.current.comments;
    if (!first?.beside || first === this.#beside) return { above };
    this.#beside = first;
    return { above, beside: first.text };
  }

  /** The current token is none of those that were looked for. */
  mismatch(note = ''): never {
    const expected = [...new Set(this.#lookedFor)];
    const choice = expected.length === 1 ? expected[0] : `{${expected.join(', ')}}`;
    return this.#fail(
      `mismatched input '${this.current.text}' expecting ${choice}${note}`,
      expected,
    );
  }

  fail(failureMessage: string, token: Token = this.current): never {
    return this.#fail(failureMessage, [], token);
  }

  #fail(failureMessage: string, expected: readonly string[], token: Token = this.current): never {
    throw new PolicySyntaxError({
      line: token.line,
      column: token.column,
      offendingSymbol: token.text,
      failingRule: this.#rules.join(' > '),
      failureMessage,
      expected,
    });
  }

  #token(index: number): Token {
    const token = this.#tokens[index];
    if (!token) throw new RangeError('the cursor is past the end');
    return token;
  }
}

const quoted = (text: string): string => `'${text}'`;
