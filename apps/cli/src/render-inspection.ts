import type { InspectedField, Inspection } from '@touchstone/service-verifier';

const NAME_WIDTH = 26;
const MAX_NAME_WIDTH = 48;
/** Hex digits and characters on one line. */
const VALUE_WIDTH = 96;

/** Fields as people read them, with their offsets where they have any. */
export function renderInspection({ sections, fault }: Inspection): string {
  const names = sections.flatMap(({ fields }) => fields.map(({ name }) => name.length));
  const width = Math.min(MAX_NAME_WIDTH, Math.max(NAME_WIDTH, ...names));
  const blocks = sections.map(({ title, fields }) =>
    [...(title === '' ? [] : [title]), ...fields.flatMap((each) => fieldLines(each, width))].join(
      '\n',
    ),
  );
  const end = fault === undefined ? [] : [`✗ ${fault}`];
  return `${[...blocks, ...end].join('\n\n')}\n`;
}

function fieldLines(
  { name, value, meaning, offset, size }: InspectedField,
  width: number,
): string[] {
  const place =
    offset === undefined ? '' : `${offset.toString().padStart(6)}  ${`${size ?? 0}`.padStart(5)}  `;
  const [first = '', ...more] = piecesOf(value);
  const indent = ' '.repeat(2 + place.length + width + 1);
  const lines = [first, ...more];
  if (meaning !== undefined) lines[lines.length - 1] += `${value === '' ? '' : '  '}(${meaning})`;
  const [head = '', ...rest] = lines;
  return [`  ${place}${name.padEnd(width)} ${head}`, ...rest.map((line) => indent + line)];
}

function piecesOf(value: string): string[] {
  const pieces: string[] = [];
  for (const line of value.split('\n')) {
    for (let at = 0; at === 0 || at < line.length; at += VALUE_WIDTH) {
      pieces.push(line.slice(at, at + VALUE_WIDTH));
    }
  }
  return pieces;
}
