import { fromUtf8 } from '@touchstone/bytes';
import { textOf } from './text';
import { BYTE_MUTATIONS, type Mutation } from './byte-mutations';
import type { Dice } from './dice';

type Json = unknown;
type Holder = Record<string, Json> | Json[];

const MAX_HOLDERS = 1000;

const VALUES: readonly [Json, ...Json[]] = [
  null,
  true,
  false,
  0,
  -1,
  0.5,
  65_535,
  65_536,
  2 ** 53,
  1e308,
  '',
  '0',
  'A',
  '\u0000',
  '\ud800',
  '2026-02-30T00:00:00Z',
  '00'.repeat(40),
  [],
  {},
  [[]],
  [null],
  { id: null },
];
const NAMES: readonly [string, ...string[]] = [
  '__proto__',
  'constructor',
  'toString',
  '',
  'id',
  'ID',
];

const isHolder = (value: Json): value is Holder => typeof value === 'object' && value !== null;

/** The objects and arrays of the document, the first so many of them. */
function holdersOf(document: Json): readonly Holder[] {
  const found: Holder[] = isHolder(document) ? [document] : [];
  for (let at = 0; at < found.length && found.length < MAX_HOLDERS; at++) {
    for (const value of Object.values(found[at] ?? {})) if (isHolder(value)) found.push(value);
  }
  return found;
}

function changeHolder(holder: Holder, all: readonly Holder[], dice: Dice): void {
  const name = dice.pick(Object.keys(holder));
  // A copy, for a document must not hold itself; one copy may stand in many places.
  const value = structuredClone(dice.oneIn(3) ? dice.pick(all) : dice.pick(VALUES));
  if (Array.isArray(holder)) {
    const at = dice.below(holder.length + 1);
    const copies = dice.oneIn(8) ? 300 : 1;
    holder.splice(at, dice.below(2), ...new Array<Json>(copies).fill(value));
  } else if (name === undefined || dice.oneIn(6)) {
    Object.defineProperty(holder, dice.pick(NAMES), { value, enumerable: true });
  } else if (dice.oneIn(5)) {
    delete holder[name];
  } else {
    holder[name] = otherValue(holder[name], value, dice);
  }
}

function otherValue(old: Json, value: Json, dice: Dice): Json {
  if (typeof old === 'number' && dice.oneIn(2)) return old + dice.pick([1, -1, 256, 0.1]);
  if (typeof old !== 'string' || dice.oneIn(3)) return value;
  const at = dice.below(old.length + 1);
  switch (dice.below(5)) {
    case 0:
      return old.slice(0, at);
    case 1:
      return (
        old.slice(0, at) +
        dice.pick([' ', 'g', 'Z', '%', '\n', 'é', '😀', '\\', '"']) +
        old.slice(at)
      );
    case 2:
      return old.toUpperCase();
    case 3:
      return old.repeat(2 + dice.below(4));
    default:
      return old.slice(0, at) + old.slice(at + 1);
  }
}

/** Wraps part of the text so that it is deep, long or said twice: what a tree of values cannot express. */
function changeText(text: string, dice: Dice): string {
  const member = /"[^"\\]{1,40}":/g;
  const names = [...text.matchAll(member)];
  const found = dice.pick(names);
  if (found === undefined) return text;
  const at = found.index;
  switch (dice.below(4)) {
    case 0:
      return `${text.slice(0, at)}${found[0]}null,${text.slice(at)}`;
    case 1: {
      const depth = 1 << dice.below(12);
      return `${text.slice(0, at)}"x":${'['.repeat(depth)}${']'.repeat(depth)},${text.slice(at)}`;
    }
    case 2:
      return `${text.slice(0, at)} \n\t${text.slice(at)}`;
    default:
      return text.slice(0, at + 1) + escaped(found[0].slice(1, 2)) + text.slice(at + 2);
  }
}

const escaped = (letter: string): string =>
  `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Changes one value of a JSON document, or how it is written. */
export const mutateJson: Mutation = (bytes, material) => {
  const { dice } = material;
  const text = textOf(bytes);
  if (text === undefined) return dice.pick(BYTE_MUTATIONS)(bytes, material);
  if (dice.oneIn(4)) return fromUtf8(changeText(text, dice));
  try {
    const document: Json = JSON.parse(text);
    const holders = holdersOf(document);
    const holder = dice.pick(holders);
    if (holder !== undefined) changeHolder(holder, holders, dice);
    return fromUtf8(JSON.stringify(document));
  } catch {
    return dice.pick(BYTE_MUTATIONS)(bytes, material);
  }
};
