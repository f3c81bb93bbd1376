/** Puts a colour on a text, or leaves it as it is. */
export type Paint = (text: string, tone: string) => string;

const BOLD = 1;
const COLOURS: Readonly<Record<string, number>> = { genuine: 32, rejected: 31, 'not-judged': 33 };

/** Colours for a terminal that wants them (https://no-color.org); plain text everywhere else. */
export function paintFor(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): Paint {
  const plain = stream.isTTY !== true || (env['NO_COLOR'] ?? '') !== '';
  if (plain) return (text) => text;
  return (text, tone) => `\u001b[${BOLD};${COLOURS[tone] ?? 0}m${text}\u001b[0m`;
}
