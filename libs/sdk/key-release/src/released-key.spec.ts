import { generateRsaKeyPair } from '@touchstone/enclave-sdk';
import type { RsaKeyPair } from '@touchstone/enclave-sdk';
import { random, release, releaseChain } from './__fixtures__/vault';
import type { ReleaseChanges } from './__fixtures__/vault';
import { releasedKey } from './released-key';

let keyPair: RsaKeyPair;
beforeAll(async () => {
  keyPair = await generateRsaKeyPair(2048);
});
const dataKey = random.bytes(32);
const nonce = 'a-nonce-of-this-run';

describe('releasedKey', () => {
  it('gives the key of a release for this request', () => {
    expect(releasedKey(release(dataKey, nonce, keyPair.publicJwk), nonce, keyPair)).toEqual(
      dataKey,
    );
  });

  it.each<[string, string, ReleaseChanges]>([
    ['another algorithm', 'KEY_RELEASE_REFUSED', { alg: 'none' }],
    ['another signer', 'KEY_RELEASE_REFUSED', { signer: 'stranger' }],
    [
      'a chain out of order',
      'KEY_RELEASE_REFUSED',
      { chain: [releaseChain[0], releaseChain[2], releaseChain[1]] },
    ],
    ['no chain', 'KEY_RELEASE_MALFORMED', { chain: [] }],
    ['a chain that is no certificates', 'KEY_RELEASE_MALFORMED', { chain: [new Uint8Array(9)] }],
    ['the answer to another request', 'KEY_RELEASE_REFUSED', { nonce: 'another' }],
    ['another wrapping', 'KEY_RELEASE_REFUSED', { enc: 'CKM_RSA_AES_KEY_WRAP' }],
    ['a key that is wrapped to someone else', 'KEY_RELEASE_REFUSED', { kid: 'another' }],
    ['a key pair', 'RELEASED_KEY_UNSUITABLE', { kty: 'RSA-HSM' }],
    ['a short key', 'RELEASED_KEY_UNSUITABLE', { key: new Uint8Array(16) }],
  ])('refuses %s', (_what, code, changes) => {
    const jws = release(dataKey, nonce, keyPair.publicJwk, changes);
    expect(() => releasedKey(jws, nonce, keyPair)).toThrow(expect.objectContaining({ code }));
  });

  it.each(['', 'a.b', 'a.b.c.d', '!.!.!', 'e30.e30.', 'x'.repeat(300_000)])(
    'refuses text that is no release (%#)',
    (jws) => {
      expect(() => releasedKey(jws, nonce, keyPair)).toThrow(
        expect.objectContaining({ code: expect.stringMatching(/^KEY_RELEASE_/) }),
      );
    },
  );

  it('does not unwrap for another enclave', async () => {
    const other = await generateRsaKeyPair(2048);
    const jws = release(dataKey, nonce, keyPair.publicJwk);
    const thief = { privateKey: other.privateKey, publicJwk: keyPair.publicJwk };
    expect(() => releasedKey(jws, nonce, thief)).toThrow(
      expect.objectContaining({ code: 'KEY_WRAP_REFUSED' }),
    );
  });
});
