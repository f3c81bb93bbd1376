import type { Row } from './row';

const HEAD = [
  '',
  'unit',
  'ours',
  'floor',
  '× floor',
  'peer',
  '× faster',
  'p50 ms',
  'p99 ms',
  'MiB',
];
const NAME_WIDTH = 28;
const WIDTH = 10;

const line = ([name = '', ...cells]: readonly string[]): string =>
  name.padEnd(NAME_WIDTH) + cells.map((cell) => cell.padStart(WIDTH)).join('');

const cell = (value: number | undefined): string => (value === undefined ? '' : String(value));

export const tableHead = (): string => line(HEAD);

export const tableRow = (row: Row): string => {
  const numbers = [
    row.ours,
    row.floor,
    row.toFloor,
    row.peer,
    row.toPeer,
    row.p50,
    row.p99,
    row.peakMiB,
  ].map(cell);
  const text = line([row.name, row.unit, ...numbers]);
  return row.note === undefined ? text : `${text}  ${row.note}`;
};
