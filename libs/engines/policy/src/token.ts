export type TokenKind = 'identifier' | 'integer' | 'string' | 'punctuation' | 'end';

export interface Comment {
  /** With its slashes, without the end of its line. */
  readonly text: string;
  /** Begins on the line on which the token before it ends. */
  readonly beside: boolean;
}

export interface Token {
  readonly kind: TokenKind;
  /** As written; the end has `<EOF>`. */
  readonly text: string;
  /** What a string literal stands for. */
  readonly value?: string;
  readonly line: number;
  readonly column: number;
  /** Comments between the token before and this one. */
  readonly comments: readonly Comment[];
  /** Offsets into the policy text. */
  readonly start: number;
  readonly end: number;
}

export const END_SYMBOL = '<EOF>';
