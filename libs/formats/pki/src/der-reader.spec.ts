import fc from 'fast-check';
import { concat, fromHex } from '@touchstone/bytes';
import { failureOf } from './__fixtures__/issued';
import { DerReader, MAX_DER_DEPTH, Tag, assertDer } from './der-reader';
import { readBits, readBoolean, readMagnitude, readOid, readSmall, readTime } from './der-values';
import { derBoolean, derElement, derInteger, derOctets, derOid, derSequence } from './der-writer';

const readerOf = (hex: string): DerReader => new DerReader(fromHex(hex));

describe('DerReader', () => {
  it.each([
    ['no bytes', ''],
    ['a tag alone', '30'],
    ['content that is cut', '3003020101'.slice(0, 8)],
    ['a length octet that is cut', '0482'],
    ['the indefinite form', '30800000'],
    ['a long form below 128', '04810100'],
    ['a long form with a leading zero', '0482000100'],
    ['five length octets', '04850000000001'],
    ['a length of 4 GiB', '0484ffffffff'],
    ['a tag number above 30', '1f8101'],
  ])('refuses %s', (_name, hex) => {
    expect(failureOf(() => readerOf(hex).next('x'))).toBe('PKI_DER_MALFORMED');
  });

  it('refuses another tag and names the field', () => {
    expect(() => readerOf('0500').take(Tag.integer, 'serial')).toThrow(
      expect.objectContaining({ code: 'PKI_DER_MALFORMED', field: 'serial' }),
    );
  });

  it('passes over an optional element that is absent', () => {
    const reader = readerOf('0500');
    expect(reader.optional(Tag.integer, 'x')).toBeUndefined();
    expect(reader.optional(Tag.null, 'x')?.content).toHaveLength(0);
    expect(reader.done).toBe(true);
  });

  it('ends where its element ends, whatever follows that', () => {
    const cut = readerOf('30030202010500').enter(Tag.sequence, 'x');
    expect(failureOf(() => cut.next('x'))).toBe('PKI_DER_MALFORMED');
    const empty = readerOf('30000500').enter(Tag.sequence, 'x');
    expect(empty.done).toBe(true);
    expect(empty.optional(Tag.null, 'x')).toBeUndefined();
    expect(failureOf(() => empty.next('x'))).toBe('PKI_DER_MALFORMED');
  });
});

describe('assertDer', () => {
  it('refuses trailing data', () => {
    expect(failureOf(() => assertDer(fromHex('300000'), 'x'))).toBe('PKI_DER_MALFORMED');
  });

  it('refuses a length that is not minimal however deep it is', () => {
    expect(failureOf(() => assertDer(fromHex('3005300304810100'.slice(0, 14)), 'x'))).toBe(
      'PKI_DER_MALFORMED',
    );
  });

  it('refuses a child that is longer than its parent', () => {
    expect(failureOf(() => assertDer(fromHex('300730030202010500'), 'x'))).toBe(
      'PKI_DER_MALFORMED',
    );
  });

  it('refuses a nesting bomb', () => {
    const nested = (depth: number) =>
      Array.from({ length: depth }).reduce(
        (inner: Uint8Array) => derSequence(inner),
        new Uint8Array(),
      );
    expect(failureOf(() => assertDer(nested(MAX_DER_DEPTH), 'x'))).toBeUndefined();
    expect(failureOf(() => assertDer(nested(MAX_DER_DEPTH + 1), 'x'))).toBe('PKI_LIMIT_EXCEEDED');
    expect(failureOf(() => assertDer(nested(5000), 'x'))).toBe('PKI_LIMIT_EXCEEDED');
  });

  it('answers any bytes with a code or not at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const code = failureOf(() => assertDer(bytes, 'x'));
        expect([undefined, 'PKI_DER_MALFORMED', 'PKI_LIMIT_EXCEEDED']).toContain(code);
      }),
    );
  });
});

describe('DER values', () => {
  it.each([
    ['an empty integer', '0200', readMagnitude],
    ['a negative integer', '0201ff', readMagnitude],
    ['an integer with a needless zero', '02020001', readMagnitude],
    ['a boolean that is neither 00 nor ff', '010101', readBoolean],
    ['a boolean of two octets', '0102ffff', readBoolean],
    ['a bit string with unused bits', '030201fe', readBits],
    ['a bit string without its first octet', '0300', readBits],
    ['an empty identifier', '0600', readOid],
    ['an identifier that ends inside an arc', '06022a86', readOid],
    ['an identifier with a padded arc', '06032a8001', readOid],
    ['an identifier of 65 octets', `0641${'2a'.repeat(65)}`, readOid],
    ['a time that is no time', '1701' + '5a', readTime],
    ['a time with an offset', `1711${Buffer.from('260101000000+0100').toString('hex')}`, readTime],
    [
      'a time with a fraction',
      `1812${Buffer.from('20260101000000.50Z').toString('hex')}`,
      readTime,
    ],
    ['the 30th of February', `170d${Buffer.from('260230000000Z').toString('hex')}`, readTime],
    ['hour 24', `170d${Buffer.from('260228240000Z').toString('hex')}`, readTime],
    ['second 60', `170d${Buffer.from('260228235960Z').toString('hex')}`, readTime],
  ])('refuse %s', (_name, hex, read) => {
    expect(failureOf(() => read(readerOf(hex), 'x'))).toBe('PKI_DER_MALFORMED');
  });

  it('refuse a small integer above its bound', () => {
    expect(readSmall(readerOf('020200ff'), 'svn', 255)).toBe(255);
    expect(failureOf(() => readSmall(readerOf('02020100'), 'svn', 255))).toBe('PKI_DER_MALFORMED');
  });

  it.each([
    ['170d3439313233313233353935395a', '2049-12-31T23:59:59.000Z'],
    ['170d3530303130313030303030305a', '1950-01-01T00:00:00.000Z'],
    ['180f32303139303530313030303030305a', '2019-05-01T00:00:00.000Z'],
    ['180f30303031303130313030303030305a', '0001-01-01T00:00:00.000Z'],
  ])('read the time %s', (hex, iso) => {
    expect(readTime(readerOf(hex), 'x').toISOString()).toBe(iso);
  });

  it.each(['1.2.840.113741.1.13.1.2.16', '2.5.29.35', '2.999.3', '0.9.2342.19200300.100.1.25'])(
    'read the identifier %s as it was written',
    (oid) => {
      expect(readOid(new DerReader(derOid(oid)), 'x')).toBe(oid);
    },
  );

  it('round-trip through the writer', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.boolean(),
        fc.uint8Array({ maxLength: 70_000 }),
        (number, flag, octets) => {
          const der = derSequence(
            derInteger(number),
            derBoolean(flag),
            derOctets(octets),
            derElement(Tag.null),
          );
          assertDer(der, 'x');
          const reader = new DerReader(der).enter(Tag.sequence, 'x');
          expect(readSmall(reader, 'x', 2 ** 31)).toBe(number);
          expect(readBoolean(reader, 'x')).toBe(flag);
          expect(reader.take(Tag.octetString, 'x').content).toEqual(octets);
        },
      ),
    );
  });

  it('are views on the bytes that were read', () => {
    const bytes = concat(derOctets(Uint8Array.of(1, 2)));
    expect(new DerReader(bytes).next('x').content.buffer).toBe(bytes.buffer);
  });
});
