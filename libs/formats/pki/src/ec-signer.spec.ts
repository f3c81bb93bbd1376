import fc from 'fast-check';
import { generateKeyPairSync } from 'node:crypto';
import { fromHex, fromUtf8, toHex } from '@touchstone/bytes';
import { failureOf } from './__fixtures__/issued';
import { ecSignerFromPkcs8, ecSignerFromScalar, newEcScalar } from './ec-signer';
import { p256PublicKey } from './public-key';
import { verifyEcdsaP256 } from './verify-signature';

// RFC 6979 appendix A.2.5
const scalar = fromHex('c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721');
const x = '60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6';
const y = '7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299';
const order = 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551';

describe('RFC 6979 appendix A.2.5', () => {
  it('gives the public key', () => {
    expect(toHex(ecSignerFromScalar(scalar).publicKeyBytes)).toBe(`04${x}${y}`);
  });

  it.each([
    [
      'sample',
      'efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716',
      'f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8',
    ],
    [
      'test',
      'f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367',
      '019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083',
    ],
  ])('gives the signature of %j with SHA-256', (message, r, s) => {
    expect(toHex(ecSignerFromScalar(scalar).signRaw(fromUtf8(message)))).toBe(r + s);
  });
});

describe('EcSigner', () => {
  it('signs so that node verifies both spellings', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.bigInt({ min: 1n, max: 1n << 255n }), (data, secret) => {
        const signer = ecSignerFromScalar(fromHex(secret.toString(16).padStart(64, '0')));
        const key = p256PublicKey(signer.publicKeyBytes);
        expect(verifyEcdsaP256(key, data, signer.sign(data), 'der')).toBe(true);
        expect(verifyEcdsaP256(key, data, signer.signRaw(data), 'ieee-p1363')).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it('comes back from PKCS#8', () => {
    const signer = ecSignerFromPkcs8(ecSignerFromScalar(scalar).toPkcs8());
    expect(toHex(signer.publicKeyBytes)).toBe(`04${x}${y}`);
  });

  it('shows nothing of its scalar', () => {
    const signer = ecSignerFromScalar(scalar);
    expect(JSON.stringify(signer)).not.toContain(toHex(scalar));
    expect(Object.keys(signer)).toEqual(['publicKeyBytes']);
  });

  it.each([
    ['zero', '00'.repeat(32)],
    ['the order', order],
    ['33 bytes', '01'.repeat(33)],
    ['31 bytes', '01'.repeat(31)],
  ])('refuses %s as a scalar', (_name, hex) => {
    expect(failureOf(() => ecSignerFromScalar(fromHex(hex)))).toBe('PKI_SCALAR_OUT_OF_RANGE');
  });

  it.each([
    ['an RSA key', generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey],
    ['a P-384 key', generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey],
  ])('refuses %s in PKCS#8', (_name, key) => {
    const der = key.export({ type: 'pkcs8', format: 'der' });
    expect(failureOf(() => ecSignerFromPkcs8(der))).toBe('PKI_KEY_UNSUPPORTED');
  });

  it('keeps the cause of an unreadable key to itself', () => {
    const failed = () => ecSignerFromPkcs8(scalar);
    expect(failureOf(failed)).toBe('PKI_KEY_UNSUPPORTED');
    expect(failed).toThrow(expect.not.objectContaining({ cause: expect.anything() }));
  });
});

describe('newEcScalar', () => {
  it('draws again when a draw is no scalar', () => {
    const draws = [fromHex(order), new Uint8Array(32), scalar];
    expect(newEcScalar({ bytes: () => draws.shift() ?? new Uint8Array(32) })).toEqual(scalar);
  });

  it('gives up on a source that only yields zero', () => {
    const zero = { bytes: (length: number) => new Uint8Array(length) };
    expect(failureOf(() => newEcScalar(zero))).toBe('PKI_SCALAR_OUT_OF_RANGE');
  });
});
