import { generateKeyPairSync } from 'node:crypto';
import { MAX_RUNTIME_KEYS, findKeyEncryptionKey } from './key-encryption-key';

const rsaJwk = (bits = 2048) => {
  const { n, e } = generateKeyPairSync('rsa', { modulusLength: bits }).publicKey.export({
    format: 'jwk',
  });
  return { kty: 'RSA', n, e };
};
const base = rsaJwk();
const kek = { ...base, kid: 'TpmEphemeralEncryptionKey', key_ops: ['encrypt'] };
const claimsOf = (...keys: unknown[]) => ({ 'x-ms-runtime': { keys } });
const refusal = (code: string, field?: string) =>
  expect.objectContaining(field === undefined ? { code } : { code, field });

describe('findKeyEncryptionKey', () => {
  it.each([
    ['key_ops', kek],
    ['use', { ...base, kid: 'TpmEphemeralEncryptionKey', use: 'enc' }],
  ])('takes a key that is for encryption by its %s', (_title, jwk) => {
    const found = findKeyEncryptionKey(claimsOf(jwk));
    expect(found.kid).toBe('TpmEphemeralEncryptionKey');
    expect(found.jwk).toEqual(base);
    expect(found.key.export({ format: 'jwk' })).toEqual(base);
  });

  it.each([3072, 4096])('takes a key of %i bits', (bits) => {
    const found = findKeyEncryptionKey(claimsOf({ ...rsaJwk(bits), kid: 'k', use: 'enc' }));
    expect(found.key.asymmetricKeyDetails?.modulusLength).toBe(bits);
  });

  it('passes over keys that are not for encryption', () => {
    const others = [
      { ...base, kid: 's', use: 'sig' },
      { kty: 'EC', kid: 'e', use: 'enc' },
      'x',
      null,
      { ...base, key_ops: 'encrypt' },
    ];
    expect(findKeyEncryptionKey(claimsOf(...others, kek)).kid).toBe('TpmEphemeralEncryptionKey');
  });

  it('takes the holder of older documents', () => {
    expect(findKeyEncryptionKey({ 'x-ms-runtime-claims': { keys: [kek] } }).kid).toBe(
      'TpmEphemeralEncryptionKey',
    );
  });

  it.each([
    ['no runtime data', {}],
    ['runtime data without keys', { 'x-ms-runtime': {} }],
    ['keys that are no list', { 'x-ms-runtime': { keys: kek } }],
    ['runtime data that is a string', { 'x-ms-runtime': 'keys' }],
    ["only the TEE's own keys", { 'x-ms-isolation-tee': claimsOf(kek) }],
    ['a signing key only', claimsOf({ ...base, kid: 's', use: 'sig' })],
    ['the key beyond the limit', claimsOf(...Array(MAX_RUNTIME_KEYS).fill({ kty: 'EC' }), kek)],
  ])('refuses %s', (_title, claims) => {
    expect(() => findKeyEncryptionKey(claims)).toThrow(
      refusal('RELEASE_KEK_MISSING', 'x-ms-runtime.keys'),
    );
  });

  it.each([
    ['no kid', 'kid', { ...base, use: 'enc' }],
    ['a numeric kid', 'kid', { ...kek, kid: 1 }],
    ['no modulus', 'n', { ...kek, n: undefined }],
    ['a modulus that is not base64url', 'n', { ...kek, n: `${base.n ?? ''}=` }],
    ['an endless modulus', 'n', { ...kek, n: 'A'.repeat(5000) }],
    ['a short modulus', 'n', { ...kek, ...rsaJwk(1024) }],
    ['an exponent of one', 'e', { ...kek, e: 'AQ' }],
    ['an even exponent', 'e', { ...kek, e: 'Ag' }],
    ['no exponent', 'e', { ...kek, e: '' }],
  ])('refuses a key with %s', (_title, field, jwk) => {
    expect(() => findKeyEncryptionKey(claimsOf(jwk))).toThrow(
      refusal('RELEASE_KEK_UNUSABLE', field),
    );
  });

  it('does not look for a better key behind an unusable one', () => {
    expect(() => findKeyEncryptionKey(claimsOf({ ...kek, e: 'AQ' }, kek))).toThrow(
      refusal('RELEASE_KEK_UNUSABLE'),
    );
  });
});
