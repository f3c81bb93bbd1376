export type TokenKind = 'identifier' | 'integer' | 'string' | 'punctuation' | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** As written; the end has `<EOF>`. */
  readonly text: string;
  /** What a string literal stands for. */
  readonly value?: string;
  readonly line: number;
  readonly column: number;
  /** Offsets into the policy text. */
  readonly start: number;
  readonly end: number;
}

export const END_SYMBOL = '<EOF>';
