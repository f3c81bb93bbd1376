import { createPrivateKey, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import fc from 'fast-check';
import { sha256, toHex } from '@touchstone/bytes';
import { CONTENT } from './__fixtures__/enclaves';
import { AUTHOR_KEY, VENDOR_KEY } from './__fixtures__/keys';
import { codeOf } from './__fixtures__/code-of';
import { SIGSTRUCT_SIZE, parseSigstruct, sigstructDate } from './sigstruct';
import { buildSigstruct, mrSignerOf, mrSignerOfKey, verifySigstruct } from './sigstruct-signature';

const SIGSTRUCT = buildSigstruct(CONTENT, AUTHOR_KEY);
const verified = (bytes: Uint8Array) => verifySigstruct(parseSigstruct(bytes));

const flipped = (offset: number, bit = 1): Uint8Array => {
  const bytes = SIGSTRUCT.slice();
  bytes[offset] = (bytes[offset] ?? 0) ^ bit;
  return bytes;
};

describe('buildSigstruct', () => {
  it('writes the fixed fields where EINIT reads them', () => {
    expect(SIGSTRUCT).toHaveLength(1808);
    expect(toHex(SIGSTRUCT.subarray(0, 44))).toBe(
      '06000000e100000000000100' +
        '00000000' +
        '00000000' +
        '02012620' +
        '01010000600000006000000001000000' +
        '00000000',
    );
    expect(toHex(SIGSTRUCT.subarray(512, 516))).toBe('03000000');
    expect(SIGSTRUCT.subarray(960, 992)).toEqual(CONTENT.enclaveHash);
    expect(toHex(SIGSTRUCT.subarray(1024, 1028))).toBe('07000500');
  });

  it('signs as the operating system verifies', () => {
    const key = createPublicKey(
      createPrivateKey({ key: Buffer.from(AUTHOR_KEY), format: 'der', type: 'pkcs8' }),
    );
    const { signature, signedBytes } = parseSigstruct(SIGSTRUCT);
    expect(signedBytes).toHaveLength(256);
    expect(verify('sha256', signedBytes, key, signature.slice().reverse())).toBe(true);
  });

  it('round-trips its content', () => {
    expect(parseSigstruct(SIGSTRUCT)).toMatchObject(CONTENT);
  });

  it.each([
    ['another exponent', { modulusLength: 3072, publicExponent: 65537 }],
    ['another size', { modulusLength: 2048, publicExponent: 3 }],
  ])('refuses a key with %s', (_name, options) => {
    const { privateKey } = generateKeyPairSync('rsa', options);
    const pkcs8 = new Uint8Array(privateKey.export({ type: 'pkcs8', format: 'der' }));
    expect(codeOf(() => buildSigstruct(CONTENT, pkcs8))).toBe('SGX_INVALID_SIGNING_KEY signerKey');
  });

  it('refuses what is no key, and says nothing of it', () => {
    expect(codeOf(() => mrSignerOfKey(new Uint8Array(40)))).toBe(
      'SGX_INVALID_SIGNING_KEY signerKey',
    );
  });
});

describe('verifySigstruct', () => {
  it('proves the signer', () => {
    const { modulus } = parseSigstruct(SIGSTRUCT);
    expect(verified(SIGSTRUCT).mrSigner).toEqual(sha256(modulus));
    expect(mrSignerOf(modulus)).toEqual(mrSignerOfKey(AUTHOR_KEY));
  });

  it.each([
    ['VENDOR', 17, 'SGX_INVALID_SIG_STRUCT VENDOR'],
    ['DATE', 20, 'SGX_INVALID_SIGNATURE SIGNATURE'],
    ['SWDEFINED', 40, 'SGX_INVALID_SIGNATURE SIGNATURE'],
    ['HEADER', 0, 'SGX_INVALID_SIG_STRUCT HEADER'],
    ['the debug-signed bit', 15, 'SGX_INVALID_SIG_STRUCT type'],
    ['HEADER2', 24, 'SGX_INVALID_SIG_STRUCT HEADER2'],
    ['reserved bytes', 44, 'SGX_INVALID_SIG_STRUCT reserved1'],
    ['MODULUS', 130, 'SGX_INVALID_SIGNATURE Q1'],
    ['EXPONENT', 512, 'SGX_INVALID_SIG_STRUCT EXPONENT'],
    ['SIGNATURE', 516, 'SGX_INVALID_SIGNATURE Q1'],
    ['MISCSELECT', 900, 'SGX_INVALID_SIGNATURE SIGNATURE'],
    ['MISCMASK', 904, 'SGX_INVALID_SIGNATURE SIGNATURE'],
    ['bytes between the body', 908, 'SGX_INVALID_SIG_STRUCT reserved2'],
    ['ISVFAMILYID', 912, 'SGX_INVALID_SIGNATURE SIGNATURE'],
    ['ATTRIBUTES', 928, 'SGX_INVALID_SIGNATURE SIGNATURE'],
    ['ATTRIBUTEMASK', 944, 'SGX_INVALID_SIGNATURE SIGNATURE'],
    ['ENCLAVEHASH', 960, 'SGX_INVALID_SIGNATURE SIGNATURE'],
    ['bytes after ENCLAVEHASH', 992, 'SGX_INVALID_SIG_STRUCT reserved3'],
    ['ISVEXTPRODID', 1008, 'SGX_INVALID_SIGNATURE SIGNATURE'],
    ['ISVPRODID', 1024, 'SGX_INVALID_SIGNATURE SIGNATURE'],
    ['ISVSVN', 1026, 'SGX_INVALID_SIGNATURE SIGNATURE'],
    ['bytes after the body', 1028, 'SGX_INVALID_SIG_STRUCT reserved4'],
    ['Q1', 1040, 'SGX_INVALID_SIGNATURE Q1'],
    ['Q2', 1424, 'SGX_INVALID_SIGNATURE Q2'],
  ])('refuses a flipped bit of %s', (_name, offset, code) => {
    expect(codeOf(() => verified(flipped(offset)))).toBe(code);
  });

  it('refuses a signature that is not below the modulus', () => {
    const bytes = SIGSTRUCT.slice();
    bytes.set(bytes.subarray(128, 512), 516);
    expect(codeOf(() => verified(bytes))).toBe('SGX_INVALID_SIGNATURE SIGNATURE');
  });

  it('refuses a short modulus', () => {
    const bytes = SIGSTRUCT.slice();
    bytes.fill(0, 128, 512);
    expect(codeOf(() => verified(bytes))).toBe('SGX_INVALID_SIGNATURE SIGNATURE');
  });

  it("refuses another signer's key over the same body", () => {
    const bytes = buildSigstruct(CONTENT, VENDOR_KEY);
    bytes.set(SIGSTRUCT.subarray(128, 512), 128);
    expect(codeOf(() => verified(bytes))?.startsWith('SGX_INVALID_SIGNATURE')).toBe(true);
  });

  it('refuses any flipped bit anywhere', () => {
    fc.assert(
      fc.property(fc.nat(SIGSTRUCT_SIZE - 1), fc.nat(7), (offset, bit) => {
        expect(codeOf(() => verified(flipped(offset, 1 << bit)))).toBeDefined();
      }),
    );
  });
});

describe('parseSigstruct', () => {
  it.each([0, 1807, 1809])('refuses %d bytes', (length) => {
    expect(codeOf(() => parseSigstruct(new Uint8Array(length)))).toBe(
      'SGX_INVALID_SIG_STRUCT SIGSTRUCT',
    );
  });
});

describe('sigstructDate', () => {
  it('reads as the date does', () => {
    expect(sigstructDate(new Date('2026-01-02T23:59:59Z')).toString(16)).toBe('20260102');
  });
});
