import { concat } from '@touchstone/bytes';
import type { Dice } from './dice';

/** What a mutation may draw on. */
export interface Material {
  readonly dice: Dice;
  /** Another input that was seen before. */
  readonly other: Uint8Array;
  /** Words that mean something to the parser. */
  readonly tokens: readonly Uint8Array[];
}

/** An input to another one; the argument is never written to. */
export type Mutation = (bytes: Uint8Array, material: Material) => Uint8Array;

const MAX_RUN_BYTES = 64;
const BITS = 8;

const replaced = (bytes: Uint8Array, start: number, end: number, by: Uint8Array): Uint8Array =>
  concat(bytes.subarray(0, start), by, bytes.subarray(end));

/** A piece of at most `limit` bytes, wherever it falls. */
function piece(bytes: Uint8Array, dice: Dice, limit = bytes.length): [number, number] {
  const start = dice.below(bytes.length);
  return [start, Math.min(bytes.length, start + 1 + dice.below(limit))];
}

const flipBit: Mutation = (bytes, { dice }) => {
  const copy = bytes.slice();
  const at = dice.below(copy.length);
  copy[at] = (copy[at] ?? 0) ^ (1 << dice.below(BITS));
  return copy;
};

const setByte: Mutation = (bytes, { dice }) => {
  const copy = bytes.slice();
  copy[dice.below(copy.length)] = dice.pick([0, 1, 0x20, 0x2d, 0x7f, 0x80, 0xff, dice.below(256)]);
  return copy;
};

const addToByte: Mutation = (bytes, { dice }) => {
  const copy = bytes.slice();
  const at = dice.below(copy.length);
  copy[at] = (copy[at] ?? 0) + dice.pick([1, -1, 2, -2, 16, -16]);
  return copy;
};

/** A number that may be a length: what is left, one off, zero, the largest. */
const tweakLength: Mutation = (bytes, { dice }) => {
  const size = dice.pick([1, 2, 4, 8]);
  if (bytes.length < size) return bytes;
  const copy = bytes.slice();
  const at = dice.below(copy.length - size + 1);
  const left = copy.length - at - size;
  const value = dice.pick([0, 1, left, left + 1, left - 1, copy.length, -1, 1 << 15, 1 << 30]);
  const view = new DataView(copy.buffer);
  const little = dice.oneIn(2);
  if (size === 1) view.setInt8(at, value);
  else if (size === 2) view.setInt16(at, value, little);
  else if (size === 4) view.setInt32(at, value, little);
  else view.setBigInt64(at, BigInt(value), little);
  return copy;
};

const truncate: Mutation = (bytes, { dice }) => bytes.slice(0, dice.below(bytes.length));

const cut: Mutation = (bytes, { dice }) => {
  const [start, end] = piece(bytes, dice, MAX_RUN_BYTES);
  return replaced(bytes, start, end, new Uint8Array());
};

const duplicate: Mutation = (bytes, { dice }) => {
  const [start, end] = piece(bytes, dice, dice.oneIn(4) ? bytes.length : MAX_RUN_BYTES);
  return replaced(bytes, end, end, bytes.subarray(start, end));
};

const insert: Mutation = (bytes, { dice }) => {
  const at = dice.below(bytes.length + 1);
  return replaced(bytes, at, at, dice.bytes(1 + dice.below(MAX_RUN_BYTES)));
};

const insertRun: Mutation = (bytes, { dice }) => {
  const at = dice.below(bytes.length + 1);
  const length = 1 << dice.below(13);
  const [value = 0] = dice.oneIn(2) ? [dice.below(256)] : bytes.subarray(at, at + 1);
  return replaced(bytes, at, at, new Uint8Array(length).fill(value));
};

const putToken: Mutation = (bytes, { dice, tokens }) => {
  const token = dice.pick(tokens);
  if (token === undefined) return bytes;
  const at = dice.below(bytes.length + 1);
  return replaced(bytes, at, dice.oneIn(2) ? at : at + token.length, token);
};

/** The head of one input and the tail of another. */
const splice: Mutation = (bytes, { dice, other }) => {
  const at = dice.below(bytes.length + 1);
  const from = dice.oneIn(2) ? Math.min(at, other.length) : dice.below(other.length + 1);
  return concat(bytes.subarray(0, at), other.subarray(from));
};

const transplant: Mutation = (bytes, { dice, other }) => {
  const [start, end] = piece(other, dice, MAX_RUN_BYTES);
  const at = dice.below(bytes.length + 1);
  return replaced(bytes, at, at + end - start, other.subarray(start, end));
};

/** Mutations that know nothing of what the bytes mean. */
export const BYTE_MUTATIONS: readonly [Mutation, ...Mutation[]] = [
  flipBit,
  flipBit,
  setByte,
  addToByte,
  tweakLength,
  tweakLength,
  truncate,
  cut,
  duplicate,
  insert,
  insertRun,
  putToken,
  putToken,
  splice,
  transplant,
];
