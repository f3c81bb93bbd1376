import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { toBase64Url } from '@touchstone/bytes';
import { generateMaterial, importMaterial } from './key-material';
import type { KeyMaterial } from './key-material';

const random = { bytes: (length: number) => new Uint8Array(length).fill(7) };
const materialError = (field: string) =>
  expect.objectContaining({ code: 'VAULT_KEY_MATERIAL', field });
const publicOf = ({ material }: KeyMaterial) =>
  createPrivateKey({ key: Buffer.from(material), format: 'der', type: 'pkcs8' });

describe('generateMaterial', () => {
  it.each([
    [{ kty: 'RSA-HSM' }, 2048],
    [{ kty: 'RSA', keySize: 3072 }, 3072],
  ] as const)('makes %j', async (request, bits) => {
    const made = await generateMaterial(request, random);
    expect(publicOf(made).asymmetricKeyDetails?.modulusLength).toBe(bits);
    expect(Object.keys(made.publicJwk)).toEqual(['n', 'e']);
  });

  it.each(['P-256', 'P-384', 'P-521', 'P-256K'] as const)('makes a key on %s', async (crv) => {
    const made = await generateMaterial({ kty: 'EC-HSM', crv }, random);
    expect(made.publicJwk).toMatchObject({ crv });
    expect(Object.keys(made.publicJwk)).toEqual(['crv', 'x', 'y']);
  });

  it.each([128, 192, 256])('makes %i bits of its own randomness', async (keySize) => {
    const made = await generateMaterial({ kty: 'oct-HSM', keySize }, random);
    expect(made).toEqual({ material: new Uint8Array(keySize / 8).fill(7), publicJwk: {} });
  });

  it.each([
    [{ kty: 'RSA', keySize: 1024 }, 'key_size'],
    [{ kty: 'RSA', keySize: 2049 }, 'key_size'],
    [{ kty: 'RSA', keySize: 2 ** 31 }, 'key_size'],
    [{ kty: 'RSA', publicExponent: 1 }, 'public_exponent'],
    [{ kty: 'RSA', publicExponent: 65536 }, 'public_exponent'],
    [{ kty: 'RSA', publicExponent: -3 }, 'public_exponent'],
    [{ kty: 'oct', keySize: 64 }, 'key_size'],
  ] as const)('refuses %j', async (request, field) => {
    await expect(generateMaterial(request, random)).rejects.toThrow(materialError(field));
  });
});

const strings = (jwk: object): Record<string, string> =>
  Object.fromEntries(Object.entries(jwk).filter(([name]) => name !== 'kty'));
const rsaJwk = (bits = 2048) =>
  strings(generateKeyPairSync('rsa', { modulusLength: bits }).privateKey.export({ format: 'jwk' }));
const ecJwk = (namedCurve: string, crv = namedCurve): Record<string, string> => ({
  ...strings(generateKeyPairSync('ec', { namedCurve }).privateKey.export({ format: 'jwk' })),
  crv,
});
const rsa = rsaJwk();

describe('importMaterial', () => {
  it('takes an RSA key', () => {
    const taken = importMaterial({ kty: 'RSA-HSM', jwk: rsa });
    expect(publicOf(taken).export({ format: 'jwk' })).toMatchObject(rsa);
    expect(taken.publicJwk).toEqual({ n: rsa['n'], e: rsa['e'] });
  });

  it('drops a leading zero octet of the modulus', () => {
    const padded = Buffer.concat([Buffer.alloc(1), Buffer.from(rsa['n'] ?? '', 'base64url')]);
    const taken = importMaterial({ kty: 'RSA', jwk: { ...rsa, n: toBase64Url(padded) } });
    expect(taken.publicJwk['n']).toBe(rsa['n']);
  });

  it.each([
    ['P-256', 'P-256'],
    ['P-384', 'P-384'],
    ['P-521', 'P-521'],
    ['secp256k1', 'P-256K'],
  ])('takes a key on %s', (namedCurve, crv) => {
    const jwk = ecJwk(namedCurve, crv);
    expect(importMaterial({ kty: 'EC', jwk }).publicJwk).toEqual({ crv, x: jwk['x'], y: jwk['y'] });
  });

  it('takes octets', () => {
    expect(
      importMaterial({ kty: 'oct-HSM', jwk: { k: toBase64Url(new Uint8Array(32).fill(1)) } })
        .material,
    ).toEqual(new Uint8Array(32).fill(1));
  });

  it.each([
    ['an RSA key without d', 'RSA', { ...rsa, d: undefined }, 'key.d'],
    ['an RSA key without qi', 'RSA', { ...rsa, qi: undefined }, 'key.qi'],
    ['a modulus with padding', 'RSA', { ...rsa, n: `${rsa['n']}==` }, 'key.n'],
    ['standard base64', 'RSA', { ...rsa, d: '+/+/' }, 'key.d'],
    ['a short RSA key', 'RSA', rsaJwk(1024), 'key.n'],
    ['a modulus of another key', 'RSA', { ...rsa, n: rsaJwk()['n'] }, 'key.d'],
    ['an EC key without a curve', 'EC', { ...ecJwk('P-256'), crv: undefined }, 'key.crv'],
    ['an unknown curve', 'EC', { ...ecJwk('P-256'), crv: 'P-224' }, 'key.crv'],
    ['a point of another curve', 'EC', { ...ecJwk('P-256'), crv: 'P-384' }, 'key.x'],
    ['no octets', 'oct', {}, 'key.k'],
    ['octets of odd length', 'oct', { k: 'AQID' }, 'key.k'],
  ])('refuses %s', (_title, kty, jwk, field) => {
    const present = Object.fromEntries(
      Object.entries(jwk).filter(([, value]) => value !== undefined),
    );
    expect(() => importMaterial({ kty: kty as 'RSA', jwk: present })).toThrow(materialError(field));
  });

  it('refuses a private scalar of another point', () => {
    const jwk = { ...ecJwk('P-256'), d: ecJwk('P-256')['d'] ?? '' };
    expect(() => importMaterial({ kty: 'EC', jwk })).toThrow(
      expect.objectContaining({ code: 'VAULT_KEY_MATERIAL' }),
    );
  });

  it('never shows a private member', () => {
    const secret = `${'A'.repeat(40)}*`;
    try {
      importMaterial({ kty: 'oct', jwk: { k: secret } });
    } catch (error) {
      expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(secret);
    }
    expect.assertions(1);
  });
});
