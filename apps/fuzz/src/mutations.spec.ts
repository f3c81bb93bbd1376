import { derInteger, derOctets, derSequence } from '@touchstone/pki';
import { fromUtf8, toHex } from '@touchstone/bytes';
import { assertDer, toPem } from '@touchstone/pki';
import { BYTE_MUTATIONS, type Mutation } from './byte-mutations';
import { mutateDer } from './der-mutations';
import { createDice } from './dice';
import { mutateJson } from './json-mutations';
import { orRefusal } from './target';
import { looseText } from './text';
import { mutateJws, mutatePem, mutateWrappedJson } from './wrapped-mutations';

const ROUNDS = 400;
const der = derSequence(derInteger(7), derOctets(derSequence(derInteger(1))), derSequence());
const json = fromUtf8('{"id":"a","list":[1,{"b":null}],"n":3}');

const changesOf = (mutation: Mutation, input: Uint8Array): readonly Uint8Array[] => {
  const dice = createDice('mutations');
  const material = { dice, other: json, tokens: [fromUtf8('token')] };
  return Array.from({ length: ROUNDS }, () => mutation(input, material));
};

/** Share of the changes that some reader still reads. */
const readable = (changes: readonly Uint8Array[], read: (bytes: Uint8Array) => unknown): number =>
  changes.filter((bytes) => read(bytes) !== undefined).length / changes.length;

const parsed = (bytes: Uint8Array): unknown => {
  try {
    return JSON.parse(looseText(bytes)) as unknown;
  } catch {
    return undefined;
  }
};

describe('every mutation', () => {
  const shapes = [mutateDer, mutateJson, mutatePem, mutateJws, mutateWrappedJson];
  it.each([...BYTE_MUTATIONS, ...shapes])('leaves its input alone and takes any', (mutation) => {
    for (const input of [der, json, Uint8Array.of(0), fromUtf8(toPem(der))]) {
      const before = toHex(input);
      changesOf(mutation, input);
      expect(toHex(input)).toBe(before);
    }
  });

  it('changes something, nearly always', () => {
    const changes = changesOf(mutateDer, der).filter((bytes) => toHex(bytes) !== toHex(der));
    expect(changes.length).toBeGreaterThan(ROUNDS / 2);
  });
});

describe('mutations that know the form', () => {
  it('keep DER well-formed more often than not', () => {
    const wellFormed = (bytes: Uint8Array) =>
      orRefusal(() => {
        assertDer(bytes, 'input');
        return true;
      });
    expect(readable(changesOf(mutateDer, der), wellFormed)).toBeGreaterThan(0.5);
  });

  it('keep JSON readable more often than not', () => {
    expect(readable(changesOf(mutateJson, json), parsed)).toBeGreaterThan(0.5);
  });
});
