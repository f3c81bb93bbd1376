import { constants, generateKeyPairSync, privateDecrypt } from 'node:crypto';
import fc from 'fast-check';
import { encryptOaep } from './oaep';

describe('encryptOaep', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const decrypt = (bytes: Uint8Array): Uint8Array =>
    new Uint8Array(
      privateDecrypt(
        { key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
        bytes,
      ),
    );
  const seed = new Uint8Array(32).fill(5);

  it('encrypts what the operating system decrypts', () => {
    const seeds = fc.uint8Array({ minLength: 32, maxLength: 32 });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 190 }), seeds, (message, random) => {
        expect(decrypt(encryptOaep(publicKey, message, random))).toEqual(message);
      }),
      { numRuns: 20 },
    );
  });

  it('repeats with its seed and differs with another', () => {
    const message = new Uint8Array(16);
    expect(encryptOaep(publicKey, message, seed)).toEqual(encryptOaep(publicKey, message, seed));
    expect(encryptOaep(publicKey, message, seed)).not.toEqual(
      encryptOaep(publicKey, message, new Uint8Array(32)),
    );
  });
});
