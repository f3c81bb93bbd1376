import fc from 'fast-check';
import { codeOf } from './__fixtures__/code-of';
import { EINITTOKEN_SIZE, encodeEinitToken, parseEinitToken, type EinitToken } from './einit-token';

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const u64 = fc.bigInt(0n, 0xffff_ffff_ffff_ffffn);
const anAttributes = fc.record({ flags: u64, xfrm: u64 });
const aToken: fc.Arbitrary<EinitToken> = fc.record({
  valid: fc.boolean(),
  attributes: anAttributes,
  mrEnclave: bytes(32),
  mrSigner: bytes(32),
  cpuSvnLe: bytes(16),
  isvProdIdLe: fc.nat(0xffff),
  isvSvnLe: fc.nat(0xffff),
  maskedMiscSelectLe: fc.nat(0xffff_ffff),
  maskedAttributesLe: anAttributes,
  keyId: bytes(32),
  mac: bytes(16),
});

describe('EINITTOKEN', () => {
  it('round-trips', () => {
    fc.assert(
      fc.property(aToken, (token) => {
        const encoded = encodeEinitToken(token);
        expect(encoded).toHaveLength(EINITTOKEN_SIZE);
        expect(parseEinitToken(encoded)).toEqual(token);
      }),
    );
  });

  it('has its fields where the SDM has them', () => {
    const [token] = fc.sample(aToken, { numRuns: 1, seed: 7 }) as [EinitToken];
    const encoded = encodeEinitToken(token);
    expect(encoded.subarray(64, 96)).toEqual(token.mrEnclave);
    expect(encoded.subarray(128, 160)).toEqual(token.mrSigner);
    expect(encoded.subarray(192, 208)).toEqual(token.cpuSvnLe);
    expect(encoded.subarray(256, 288)).toEqual(token.keyId);
    expect(encoded.subarray(288)).toEqual(token.mac);
  });

  it.each([
    [0, 'VALID'],
    [4, 'reserved1'],
    [47, 'reserved1'],
    [96, 'reserved2'],
    [191, 'reserved3'],
    [212, 'reserved4'],
  ])('is refused with reserved bits at %i', (offset, field) => {
    const token = new Uint8Array(EINITTOKEN_SIZE);
    token[offset] = 2;
    expect(codeOf(() => parseEinitToken(token))).toBe(`SGX_INVALID_EINITTOKEN ${field}`);
  });

  it.each([0, 303, 305])('is refused with %i bytes', (length) => {
    expect(codeOf(() => parseEinitToken(new Uint8Array(length)))).toBe(
      'SGX_INVALID_EINITTOKEN EINITTOKEN',
    );
  });
});
