import fc from 'fast-check';
import { concat } from '@touchstone/bytes';
import { codeOf, nudged, pattern, shapes, v3Parts } from './__fixtures__/parts';
import { MAX_QUOTE_BYTES, QuoteError, encodeQuote, encodeSignedRegion, parseQuote } from './index';

const v3 = encodeQuote(v3Parts);
const SIGNATURE_LENGTH_AT = 432;
const AUTH_SIZE_AT = 436 + 576;
const CERTIFICATION_AT = AUTH_SIZE_AT + 2 + 32;

describe('parseQuote', () => {
  describe.each(shapes)('of a %s quote', (_name, parts) => {
    const bytes = encodeQuote(parts);

    it('reads every field back', () => {
      const quote = parseQuote(bytes);
      expect(quote).toMatchObject(parts);
      expect(quote.signedBytes).toEqual(encodeSignedRegion(parts));
      expect(quote.bytes).toEqual(bytes);
    });

    it('round-trips byte for byte', () => {
      expect(encodeQuote(parseQuote(bytes))).toEqual(bytes);
    });

    it('refuses it cut at every offset', () => {
      for (let length = 0; length < bytes.length; length++) {
        expect(codeOf(() => parseQuote(bytes.subarray(0, length)))).toBe('QUOTE_TRUNCATED');
      }
    });

    it('refuses one byte more', () => {
      expect(codeOf(() => parseQuote(concat(bytes, pattern(1))))).toBe('QUOTE_TRAILING');
    });
  });

  describe('when a length field is off by one', () => {
    it.each([
      ['signature data, one less', SIGNATURE_LENGTH_AT, 4, -1, 'QUOTE_TRUNCATED'],
      ['signature data, one more', SIGNATURE_LENGTH_AT, 4, 1, 'QUOTE_TRUNCATED'],
      ['auth data, one less', AUTH_SIZE_AT, 2, -1, 'QUOTE_TRUNCATED'],
      ['auth data, one more', AUTH_SIZE_AT, 2, 1, 'QUOTE_TRUNCATED'],
      ['certification data, one less', CERTIFICATION_AT + 2, 4, -1, 'QUOTE_LENGTH'],
      ['certification data, one more', CERTIFICATION_AT + 2, 4, 1, 'QUOTE_TRUNCATED'],
      [
        'certification data, wrapped round',
        CERTIFICATION_AT + 2,
        4,
        -0x7fff_ffff,
        'QUOTE_TRUNCATED',
      ],
    ] as const)('refuses %s', (_name, offset, size, delta, code) => {
      expect(codeOf(() => parseQuote(nudged(v3, offset, size, delta)))).toBe(code);
    });

    it('refuses an outer certification size of v4 that does not end with its contents', () => {
      const v4 = encodeQuote({ ...v3Parts, version: 4 });
      const longer = concat(nudged(nudged(v4, 432, 4, 1), 436 + 130, 4, 1), pattern(1));
      expect(codeOf(() => parseQuote(longer))).toBe('QUOTE_LENGTH');
      const outside = concat(nudged(v4, 432, 4, 1), pattern(1));
      expect(codeOf(() => parseQuote(outside))).toBe('QUOTE_LENGTH');
    });

    it('refuses a v5 body size that is not that of its type', () => {
      const v5 = encodeQuote({ ...v3Parts, version: 5 });
      expect(codeOf(() => parseQuote(nudged(v5, 50, 4, 1)))).toBe('QUOTE_LENGTH');
    });
  });

  it.each([
    ['version 2', 0, -1, 'QUOTE_VERSION', 'version'],
    ['version 6', 0, 3, 'QUOTE_VERSION', 'version'],
    ['ECDSA P-384 attestation keys', 2, 1, 'QUOTE_ATTESTATION_KEY_TYPE', 'attKeyType'],
    ['EPID attestation keys', 2, -1, 'QUOTE_ATTESTATION_KEY_TYPE', 'attKeyType'],
    ['TDX in version 3', 4, 0x81, 'QUOTE_TEE_TYPE', 'teeType'],
    ['another vendor', 12, 1, 'QUOTE_VENDOR', 'qeVendorId'],
    [
      'certification data type 6 inside',
      CERTIFICATION_AT,
      1,
      'QUOTE_CERTIFICATION_DATA',
      'certificationDataType',
    ],
    [
      'certification data type 0',
      CERTIFICATION_AT,
      -5,
      'QUOTE_CERTIFICATION_DATA',
      'certificationDataType',
    ],
    [
      'a PPID of another size',
      CERTIFICATION_AT,
      -4,
      'QUOTE_CERTIFICATION_DATA',
      'certificationDataSize',
    ],
  ])('refuses %s and names the field', (_name, offset, delta, code, field) => {
    try {
      parseQuote(nudged(v3, offset, 2, delta));
      throw new Error('accepted');
    } catch (error) {
      expect(error).toBeInstanceOf(QuoteError);
      expect(error).toMatchObject({ code, field });
    }
  });

  it('refuses a v5 body descriptor of the other TEE', () => {
    const v5 = encodeQuote({ ...v3Parts, version: 5 });
    expect(codeOf(() => parseQuote(nudged(v5, 48, 2, 1)))).toBe('QUOTE_BODY_TYPE');
    expect(codeOf(() => parseQuote(nudged(v5, 48, 2, 9)))).toBe('QUOTE_BODY_TYPE');
  });

  it('refuses anything but wrapped certification data in v4', () => {
    const v4 = encodeQuote({ ...v3Parts, version: 4 });
    expect(codeOf(() => parseQuote(nudged(v4, 436 + 128, 2, -1)))).toBe('QUOTE_CERTIFICATION_DATA');
  });

  it('refuses more bytes than a quote may have before reading any', () => {
    expect(codeOf(() => parseQuote(new Uint8Array(MAX_QUOTE_BYTES + 1)))).toBe('QUOTE_TOO_LARGE');
  });

  it.each([0, 65535])('takes auth data of %i bytes', (length) => {
    const bytes = encodeQuote({ ...v3Parts, authData: pattern(length) });
    expect(parseQuote(bytes).authData).toHaveLength(length);
  });

  it('keeps reserved bytes that are not zero', () => {
    const bytes = v3.slice();
    bytes[48 + 20] = 7;
    const quote = parseQuote(bytes);
    expect(quote.teeType === 'sgx' && quote.body.reserved?.[0]).toBe(7);
    expect(encodeQuote(quote)).toEqual(bytes);
  });

  it('is not changed when the caller changes the input, whatever kind of bytes it was', () => {
    const buffer = Buffer.from(v3);
    const quote = parseQuote(buffer);
    buffer.fill(0);
    expect(encodeQuote(quote)).toEqual(v3);
    expect(quote.bytes).toEqual(v3);
  });

  describe('what follows a quote', () => {
    it('is refused, skipped or handed back, as the caller says', () => {
      const padded = concat(v3, new Uint8Array(70));
      expect(codeOf(() => parseQuote(padded))).toBe('QUOTE_TRAILING');
      expect(parseQuote(padded, { trailing: 'allow-zero' }).bytes).toEqual(v3);
      expect(parseQuote(padded, { trailing: 'return' }).trailing).toHaveLength(70);
    });

    it('is refused by allow-zero when one byte is not zero', () => {
      const padded = concat(v3, new Uint8Array(70), pattern(1));
      expect(codeOf(() => parseQuote(padded, { trailing: 'allow-zero' }))).toBe('QUOTE_TRAILING');
      expect(parseQuote(padded, { trailing: 'return' }).trailing.at(-1)).toBe(31);
    });
  });

  it('never throws anything but a QuoteError, whatever byte is changed', () => {
    const change = fc.tuple(fc.nat(v3.length - 1), fc.integer({ min: 1, max: 255 }));
    fc.assert(
      fc.property(
        fc.constantFrom(...shapes),
        fc.array(change, { maxLength: 4 }),
        ([, parts], changes) => {
          const bytes = encodeQuote(parts);
          for (const [at, by] of changes) bytes[at % bytes.length]! ^= by;
          try {
            expect(encodeQuote(parseQuote(bytes))).toEqual(bytes);
          } catch (error) {
            expect(error).toBeInstanceOf(QuoteError);
          }
        },
      ),
    );
  });

  it('refuses random bytes with a code', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2048 }), (bytes) => {
        expect(codeOf(() => parseQuote(bytes))).toMatch(/^QUOTE_/);
      }),
    );
  });
});
