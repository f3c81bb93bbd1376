import fc from 'fast-check';
import {
  MAX_RELEASE_NONCE_CHARACTERS,
  decodeCreateKey,
  decodeImportKey,
  decodeReleaseKey,
  decodeUpdateKey,
} from './requests';
import { VaultWireError } from './wire-error';

const refusal = (code: string, field: string) => expect.objectContaining({ code, field });

describe('decodeCreateKey', () => {
  it('reads what the JavaScript client sends for an exportable key', () => {
    const body = {
      kty: 'RSA-HSM',
      key_size: 2048,
      key_ops: ['wrapKey', 'unwrapKey'],
      attributes: { exportable: true, nbf: 1_700_000_000 },
      release_policy: {
        contentType: 'application/json; charset=utf-8',
        immutable: false,
        data: 'e30',
      },
    };
    expect(decodeCreateKey(body)).toMatchObject({
      kty: 'RSA-HSM',
      keySize: 2048,
      keyOps: ['wrapKey', 'unwrapKey'],
      attributes: { exportable: true, notBefore: new Date(1_700_000_000_000) },
      releasePolicy: { data: 'e30', immutable: false },
    });
  });

  it('takes operations in any letter case and keeps each once, in its canonical form', () => {
    expect(
      decodeCreateKey({ kty: 'RSA', key_ops: ['unwrapkey', 'UNWRAPKEY', 'sign'] }).keyOps,
    ).toEqual(['unwrapKey', 'sign']);
  });

  it('counts null as absent and ignores what it does not know', () => {
    const request = decodeCreateKey({
      kty: 'EC',
      crv: null,
      tags: null,
      attributes: { exp: null, created: 1 },
      other: {},
    });
    expect(request).toEqual({ kty: 'EC', attributes: {} });
  });

  it.each([
    ['no kty', {}, 'VAULT_MEMBER_MISSING', 'kty'],
    ['an unknown kty', { kty: 'OKP' }, 'VAULT_MEMBER_INVALID', 'kty'],
    ['a kty that is a number', { kty: 1 }, 'VAULT_MEMBER_INVALID', 'kty'],
    ['a size that is text', { kty: 'RSA', key_size: '2048' }, 'VAULT_MEMBER_INVALID', 'key_size'],
    ['a broken size', { kty: 'RSA', key_size: 2048.5 }, 'VAULT_MEMBER_INVALID', 'key_size'],
    ['an unknown curve', { kty: 'EC', crv: 'P-224' }, 'VAULT_MEMBER_INVALID', 'crv'],
    [
      'operations that are text',
      { kty: 'RSA', key_ops: 'sign' },
      'VAULT_MEMBER_INVALID',
      'key_ops',
    ],
    ['an unknown operation', { kty: 'RSA', key_ops: ['fly'] }, 'VAULT_MEMBER_INVALID', 'key_ops.0'],
    [
      'attributes that are a list',
      { kty: 'RSA', attributes: [] },
      'VAULT_MEMBER_INVALID',
      'attributes',
    ],
    [
      'enabled as text',
      { kty: 'RSA', attributes: { enabled: 'true' } },
      'VAULT_MEMBER_INVALID',
      'attributes.enabled',
    ],
    [
      'a time in text',
      { kty: 'RSA', attributes: { exp: '2030' } },
      'VAULT_MEMBER_INVALID',
      'attributes.exp',
    ],
    [
      'a time before time',
      { kty: 'RSA', attributes: { nbf: -1 } },
      'VAULT_MEMBER_INVALID',
      'attributes.nbf',
    ],
    [
      'a time beyond dates',
      { kty: 'RSA', attributes: { exp: 1e15 } },
      'VAULT_MEMBER_INVALID',
      'attributes.exp',
    ],
    [
      'a policy without data',
      { kty: 'RSA', release_policy: {} },
      'VAULT_MEMBER_MISSING',
      'release_policy.data',
    ],
    [
      'a policy that is text',
      { kty: 'RSA', release_policy: 'e30' },
      'VAULT_MEMBER_INVALID',
      'release_policy',
    ],
    ['a tag that is a number', { kty: 'RSA', tags: { a: 1 } }, 'VAULT_MEMBER_INVALID', 'tags.a'],
    [
      'an endless tag',
      { kty: 'RSA', tags: { a: 'x'.repeat(257) } },
      'VAULT_MEMBER_INVALID',
      'tags.a',
    ],
  ])('refuses %s', (_title, body, code, field) => {
    expect(() => decodeCreateKey(body)).toThrow(refusal(code, field));
  });

  it('takes fifteen tags and no more', () => {
    const tags = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`t${i}`, 'v']));
    expect(() => decodeCreateKey({ kty: 'RSA', tags: tags(15) })).not.toThrow();
    expect(() => decodeCreateKey({ kty: 'RSA', tags: tags(16) })).toThrow(
      refusal('VAULT_MEMBER_INVALID', 'tags'),
    );
  });

  it.each([[undefined], [null], [[]], ['x'], [1]])('refuses the body %j', (body) => {
    expect(() => decodeCreateKey(body)).toThrow(refusal('VAULT_BODY_INVALID', 'body'));
  });
});

describe('decodeImportKey', () => {
  const key = { kty: 'RSA', key_ops: ['encrypt'], n: 'AQ', e: 'AQAB', d: 'AQ' };

  it.each([
    [{ Hsm: true, key }, 'RSA-HSM'],
    [{ hsm: true, key }, 'RSA-HSM'],
    [{ Hsm: false, key }, 'RSA'],
    [{ key }, 'RSA'],
    [{ key: { ...key, kty: 'RSA-HSM' } }, 'RSA-HSM'],
  ])('reads %j as %s', (body, kty) => {
    expect(decodeImportKey(body)).toMatchObject({
      kty,
      keyOps: ['encrypt'],
      jwk: { n: 'AQ', e: 'AQAB', d: 'AQ' },
    });
  });

  it.each(['key_hsm', 't'])('refuses a transfer blob in %s', (member) => {
    expect(() => decodeImportKey({ key: { ...key, [member]: 'AQ' } })).toThrow(
      refusal('VAULT_MEMBER_UNSUPPORTED', 'key.key_hsm'),
    );
  });

  it.each([
    ['no key', {}, 'VAULT_MEMBER_MISSING', 'key'],
    ['no kty', { key: {} }, 'VAULT_MEMBER_MISSING', 'key.kty'],
    ['a modulus that is a number', { key: { ...key, n: 1 } }, 'VAULT_MEMBER_INVALID', 'key.n'],
    [
      'an endless modulus',
      { key: { ...key, n: 'A'.repeat(1025) } },
      'VAULT_MEMBER_INVALID',
      'key.n',
    ],
    ['a flag that is text', { Hsm: 'yes', key }, 'VAULT_MEMBER_INVALID', 'Hsm'],
  ])('refuses %s', (_title, body, code, field) => {
    expect(() => decodeImportKey(body)).toThrow(refusal(code, field));
  });
});

describe('decodeUpdateKey', () => {
  it('takes an empty change', () => {
    expect(decodeUpdateKey({})).toEqual({ attributes: {} });
  });
});

describe('decodeReleaseKey', () => {
  it('defaults enc', () => {
    expect(decodeReleaseKey({ target: 'a.b.c' })).toEqual({
      target: 'a.b.c',
      enc: 'CKM_RSA_AES_KEY_WRAP',
    });
  });

  it.each([
    ['no target', {}, 'VAULT_MEMBER_MISSING', 'target'],
    ['an empty target', { target: '' }, 'VAULT_MEMBER_INVALID', 'target'],
    ['a target that is an object', { target: {} }, 'VAULT_MEMBER_INVALID', 'target'],
    ['an unknown enc', { target: 'a', enc: 'RSA-OAEP' }, 'VAULT_MEMBER_INVALID', 'enc'],
    ['an enc that is a list', { target: 'a', enc: [] }, 'VAULT_MEMBER_INVALID', 'enc'],
    ['a nonce that is a number', { target: 'a', nonce: 1 }, 'VAULT_MEMBER_INVALID', 'nonce'],
    [
      'an endless nonce',
      { target: 'a', nonce: 'x'.repeat(MAX_RELEASE_NONCE_CHARACTERS + 1) },
      'VAULT_MEMBER_INVALID',
      'nonce',
    ],
  ])('refuses %s', (_title, body, code, field) => {
    expect(() => decodeReleaseKey(body)).toThrow(refusal(code, field));
  });
});

describe('every decoder', () => {
  it.each([decodeCreateKey, decodeImportKey, decodeUpdateKey, decodeReleaseKey])(
    'answers any JSON with a request or a coded error',
    (decode) => {
      const names = fc.constantFrom(
        'kty',
        'key',
        'attributes',
        'tags',
        'release_policy',
        'target',
        'enc',
        'key_ops',
      );
      const body = fc.oneof(fc.jsonValue(), fc.dictionary(names, fc.jsonValue()));
      fc.assert(
        fc.property(body, (value) => {
          try {
            decode(value);
          } catch (error) {
            expect(error).toBeInstanceOf(VaultWireError);
          }
        }),
      );
    },
  );
});
