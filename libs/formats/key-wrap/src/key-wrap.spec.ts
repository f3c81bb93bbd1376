import {
  createPublicKey,
  generateKeyPairSync,
  privateDecrypt,
  constants,
  randomBytes,
} from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import fc from 'fast-check';
import { fromHex, toHex } from '@touchstone/bytes';
import { KEY_WRAP_ALGORITHMS } from './algorithm';
import type { KeyWrapAlgorithm } from './algorithm';
import { unwrapKey, wrapKey } from './key-wrap';

const random = { bytes: (length: number) => new Uint8Array(randomBytes(length)) };
const pairs = new Map<number, { publicKey: KeyObject; privateKey: KeyObject }>();
const pair = (bits: number) => {
  const made = pairs.get(bits) ?? generateKeyPairSync('rsa', { modulusLength: bits });
  pairs.set(bits, made);
  return made;
};
const withCode = (code: string) => expect.objectContaining({ code });
const key = fromHex('00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff');

describe.each(KEY_WRAP_ALGORITHMS)('%s', (algorithm) => {
  it.each([2048, 3072, 4096])('round-trips an RSA private key under RSA-%i', (bits) => {
    const { publicKey, privateKey } = pair(bits);
    const pkcs8 = pair(2048).privateKey.export({ type: 'pkcs8', format: 'der' });
    const wrapped = wrapKey({ algorithm, kek: publicKey, key: pkcs8, random });
    expect(wrapped.length).toBe(bits / 8 + Math.ceil(pkcs8.length / 8) * 8 + 8);
    expect(toHex(unwrapKey({ algorithm, privateKey, wrapped }))).toBe(toHex(pkcs8));
  });

  it('round-trips octets of any length', () => {
    const { publicKey, privateKey } = pair(2048);
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 600 }), (octets) => {
        const wrapped = wrapKey({ algorithm, kek: publicKey, key: octets, random });
        expect(unwrapKey({ algorithm, privateKey, wrapped })).toEqual(octets);
      }),
      { numRuns: 20 },
    );
  });

  it('encrypts the AES key with its own hash and an empty label', () => {
    const oaepHash = {
      CKM_RSA_AES_KEY_WRAP: 'sha1',
      RSA_AES_KEY_WRAP_256: 'sha256',
      RSA_AES_KEY_WRAP_384: 'sha384',
    };
    const { publicKey, privateKey } = pair(2048);
    const fixed = { bytes: (length: number) => new Uint8Array(length).fill(9) };
    const wrapped = wrapKey({ algorithm, kek: publicKey, key, random: fixed });
    const padding = constants.RSA_PKCS1_OAEP_PADDING;
    const aesKey = privateDecrypt(
      { key: privateKey, padding, oaepHash: oaepHash[algorithm] },
      wrapped.subarray(0, 256),
    );
    expect(toHex(aesKey)).toBe('09'.repeat(32));
  });

  it('refuses any changed byte', () => {
    const { publicKey, privateKey } = pair(2048);
    const wrapped = wrapKey({ algorithm, kek: publicKey, key, random });
    fc.assert(
      fc.property(fc.nat(wrapped.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const changed = wrapped.slice();
        changed[at] = (changed[at] ?? 0) ^ mask;
        expect(() => unwrapKey({ algorithm, privateKey, wrapped: changed })).toThrow(
          withCode('KEY_WRAP_REFUSED'),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('refuses another private key', () => {
    const wrapped = wrapKey({ algorithm, kek: pair(2048).publicKey, key, random });
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    expect(() => unwrapKey({ algorithm, privateKey, wrapped })).toThrow(
      withCode('KEY_WRAP_REFUSED'),
    );
  });

  it('refuses to be read as another algorithm', () => {
    const wrapped = wrapKey({ algorithm, kek: pair(2048).publicKey, key, random });
    for (const other of KEY_WRAP_ALGORITHMS.filter((name) => name !== algorithm)) {
      expect(() =>
        unwrapKey({ algorithm: other, privateKey: pair(2048).privateKey, wrapped }),
      ).toThrow(withCode('KEY_WRAP_REFUSED'));
    }
  });
});

describe('wrapKey', () => {
  const algorithm = 'RSA_AES_KEY_WRAP_256';
  const wrapWith = (kek: KeyObject) => () => wrapKey({ algorithm, kek, key, random });

  it('refuses an unknown algorithm', () => {
    const unknown = 'RSA1_5' as KeyWrapAlgorithm;
    expect(() => wrapKey({ algorithm: unknown, kek: pair(2048).publicKey, key, random })).toThrow(
      withCode('KEY_WRAP_ALGORITHM'),
    );
  });

  it('refuses a short RSA key', () => {
    expect(wrapWith(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey)).toThrow(
      withCode('KEY_WRAP_KEK'),
    );
  });

  it('refuses an EC key', () => {
    expect(wrapWith(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey)).toThrow(
      withCode('KEY_WRAP_KEK'),
    );
  });

  it('refuses a private key where a public one belongs', () => {
    expect(wrapWith(pair(2048).privateKey)).toThrow(withCode('KEY_WRAP_KEK'));
  });

  it('refuses an exponent of one, which would send the AES key in the clear', () => {
    const { n } = pair(2048).publicKey.export({ format: 'jwk' });
    const kek = createPublicKey({ key: { kty: 'RSA', n: n ?? '', e: 'AQ' }, format: 'jwk' });
    expect(wrapWith(kek)).toThrow(withCode('KEY_WRAP_KEK'));
  });

  it('refuses an empty key', () => {
    expect(() =>
      wrapKey({ algorithm, kek: pair(2048).publicKey, key: new Uint8Array(), random }),
    ).toThrow(withCode('KEY_WRAP_KEY_SIZE'));
  });
});

describe('unwrapKey', () => {
  it.each([0, 255, 256, 264, 256 + 17])(
    'refuses %i bytes under RSA-2048 by their length or content',
    (length) => {
      const { privateKey } = pair(2048);
      expect(() =>
        unwrapKey({
          algorithm: 'CKM_RSA_AES_KEY_WRAP',
          privateKey,
          wrapped: new Uint8Array(length),
        }),
      ).toThrow(
        expect.objectContaining({
          code: length <= 256 ? 'KEY_WRAP_MALFORMED' : 'KEY_WRAP_REFUSED',
        }),
      );
    },
  );

  it('refuses an AES part of impossible length', () => {
    const { publicKey, privateKey } = pair(2048);
    const wrapped = wrapKey({ algorithm: 'CKM_RSA_AES_KEY_WRAP', kek: publicKey, key, random });
    expect(() =>
      unwrapKey({
        algorithm: 'CKM_RSA_AES_KEY_WRAP',
        privateKey,
        wrapped: wrapped.subarray(0, 256 + 17),
      }),
    ).toThrow(withCode('KEY_WRAP_MALFORMED'));
  });

  it('refuses a public key', () => {
    const { publicKey } = pair(2048);
    expect(() =>
      unwrapKey({
        algorithm: 'CKM_RSA_AES_KEY_WRAP',
        privateKey: publicKey,
        wrapped: new Uint8Array(400),
      }),
    ).toThrow(withCode('KEY_WRAP_KEK'));
  });
});
