import fc from 'fast-check';
import { concat, fromUtf8, toHex } from '@touchstone/bytes';
import { hasCode } from '@touchstone/errors';
import { encodeOeEndorsements, encodeOeReport } from '@touchstone/quote';
import { aReport } from './__fixtures__/avr';
import { aWorld, intelStructure } from './__fixtures__/world';
import { parseAnchors } from './anchors';
import { inspectCertificates } from './inspect/inspect-certificate';
import { inspectCollateral } from './inspect/inspect-collateral';
import { inspectQuote } from './inspect/inspect-quote';
import { inspectToken } from './inspect/inspect-token';
import { recogniseCollateral } from './recognise-collateral';
import { recogniseEvidence } from './recognise-evidence';

const world = aWorld();
const { collateral } = world;
const endorsements = encodeOeEndorsements({ ...collateral, version: 3, creationTime: 'now' });

/** Sound files of every kind that is recognised, to be damaged. */
const SEEDS: readonly Uint8Array[] = [
  world.quote(),
  encodeOeReport(world.quote()),
  fromUtf8(toHex(world.quote())),
  aReport('OK'),
  collateral.tcbInfo,
  collateral.qeIdentity,
  collateral.pckCrl,
  endorsements,
  fromUtf8(world.pckPem + world.caPem + world.rootPem),
  fromUtf8(JSON.stringify(intelStructure(collateral))),
  fromUtf8('eyJhbGciOiJub25lIn0.eyJpYXQiOjF9.'),
];

/** One seed with a stretch replaced, cut or repeated. */
const damaged = fc
  .tuple(
    fc.constantFrom(...SEEDS),
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.nat(40),
    fc.uint8Array({ maxLength: 40 }),
  )
  .map(([seed, place, length, bytes]) => {
    const at = Math.floor(place * seed.length);
    return concat(seed.subarray(0, at), bytes, seed.subarray(at + length));
  });

const anyFile = fc.oneof(
  { weight: 4, arbitrary: damaged },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 600 }) },
  { weight: 1, arbitrary: fc.json({ maxDepth: 6 }).map(fromUtf8) },
);

const READERS: readonly (readonly [string, (file: Uint8Array) => unknown])[] = [
  ['recogniseEvidence', recogniseEvidence],
  ['recogniseCollateral', recogniseCollateral],
  ['parseAnchors', (file) => parseAnchors(file, 'x')],
  ['inspectQuote', inspectQuote],
  ['inspectCertificates', inspectCertificates],
  ['inspectCollateral', inspectCollateral],
  ['inspectToken', inspectToken],
];

describe.each(READERS)('%s', (_name, read) => {
  it('answers any bytes, or refuses them with a code', () => {
    fc.assert(
      fc.property(anyFile, (file) => {
        try {
          read(file);
        } catch (error) {
          expect(hasCode(error)).toBe(true);
        }
      }),
      { numRuns: 400 },
    );
  });

  it.each([
    ['brackets', '['.repeat(200_000)],
    ['closed brackets', '['.repeat(100_000) + ']'.repeat(100_000)],
    ['quotes', '"'.repeat(200_001)],
    ['blanks before a character', `{${' '.repeat(200_000)}x`],
    ['NULs before a character', `{"a":"${'\0'.repeat(200_000)}x"}`],
    ['PEM heads', '-----BEGIN CERTIFICATE-----'.repeat(10_000)],
    ['comments', '#\n'.repeat(100_000)],
    ['hex', 'ab'.repeat(200_000)],
    ['dots', '.'.repeat(200_000)],
  ])('is done at once with very many %s', (_what, text) => {
    try {
      read(fromUtf8(text));
    } catch (error) {
      expect(hasCode(error)).toBe(true);
    }
  });
});

describe('inspectQuote', () => {
  it('shows every byte exactly once, whatever the bytes are', () => {
    const binary = SEEDS.slice(0, 2);
    fc.assert(
      fc.property(
        fc.constantFrom(...binary),
        fc.nat(),
        fc.nat(255),
        fc.nat(),
        (seed, at, value, cut) => {
          const file = seed.slice(0, 20 + (cut % (seed.length - 19)));
          // The first bytes decide whether it is a quote at all.
          if (file.length > 20) file[20 + (at % (file.length - 20))] = value;
          const { sections } = inspectQuote(file);
          const fields = sections.flatMap((section) => section.fields);
          let end = 0;
          for (const { offset, size = 0 } of fields) {
            expect(offset).toBe(end);
            end += size;
          }
          expect(end).toBe(file.length);
        },
      ),
      { numRuns: 300 },
    );
  });
});
