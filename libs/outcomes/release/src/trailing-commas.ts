/**
 * JSON text without the commas that stand right before a closing bracket. A vendor's published script writes
 * such policies, so they are taken at this one place; everything else about JSON stays strict.
 */
export function withoutTrailingCommas(text: string): string {
  const tokens = text.match(TOKEN) ?? [];
  return tokens.filter((token, i) => token !== ',' || !trails(tokens, i)).join('');
}

/** A string (its escapes inside), a run of white space, or any one character. */
const TOKEN = /"(?:[^"\\]|\\[^])*"|\s+|[^]/g;
const SPACE = /^\s/;

/** A comma may only trail something: `[,]` stays the error that it is. */
function trails(tokens: readonly string[], comma: number): boolean {
  const next = tokens.slice(comma + 1, comma + 3).find((token) => !SPACE.test(token));
  const before = tokens
    .slice(Math.max(0, comma - 2), comma)
    .findLast((token) => !SPACE.test(token));
  const closes = next === ']' || next === '}';
  return closes && before !== undefined && !['[', '{', ',', ':'].includes(before);
}
