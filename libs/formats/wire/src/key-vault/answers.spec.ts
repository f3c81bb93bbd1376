import type { VaultKeyVersion } from '@touchstone/ports';
import { deletedKeyBundle, errorAnswer, keyBundle, keyList, keyVersionList } from './answers';
import { errorAnswerSchema, keyBundleSchema, releasedKeySchema } from './client-schemas';
import { releasePayload } from './release-payload';

const view = { baseUrl: 'https://v1.vault.azure.net', recoverableDays: 90 };
const key: VaultKeyVersion = {
  vault: 'v1',
  name: 'k1',
  version: '0123456789abcdef0123456789abcdef',
  kty: 'RSA-HSM',
  keyOps: ['wrapKey', 'unwrapKey'],
  material: Uint8Array.of(1, 2, 3),
  publicJwk: { n: 'AQID', e: 'AQAB' },
  enabled: true,
  exportable: true,
  created: new Date(1_700_000_000_900),
  updated: new Date(1_700_000_001_000),
  tags: {},
  releasePolicy: { contentType: 'application/json; charset=utf-8', data: 'e30', immutable: false },
};

const bundle =
  '{"key":{"kid":"https://v1.vault.azure.net/keys/k1/0123456789abcdef0123456789abcdef","kty":"RSA-HSM",' +
  '"key_ops":["wrapKey","unwrapKey"],"n":"AQID","e":"AAEAAQ"},' +
  '"attributes":{"enabled":true,"created":1700000000,"updated":1700000001,"recoveryLevel":"Recoverable+Purgeable",' +
  '"recoverableDays":90,"exportable":true},' +
  '"release_policy":{"contentType":"application/json; charset=utf-8","data":"e30","immutable":false},"tags":{}}';

describe('keyBundle', () => {
  it('is as documented, and holds nothing of the private part', () => {
    expect(JSON.stringify(keyBundle(view, key))).toBe(bundle);
    expect(keyBundleSchema.parse(keyBundle(view, key)).attributes.exportable).toBe(true);
  });

  it('gives the times of validity in seconds, and the exponent of software keys as it is', () => {
    const dated = { ...key, kty: 'RSA', notBefore: new Date(1000), expires: new Date(2999) };
    expect(keyBundle(view, dated)).toMatchObject({
      key: { e: 'AQAB' },
      attributes: { nbf: 1, exp: 2 },
    });
  });
});

describe('deletedKeyBundle', () => {
  it('adds where it can be recovered and when it goes', () => {
    const deleted = { key, deletedAt: new Date(5000), purgeAt: new Date(9000) };
    expect(deletedKeyBundle(view, deleted)).toMatchObject({
      recoveryId: 'https://v1.vault.azure.net/deletedkeys/k1',
      deletedDate: 5,
      scheduledPurgeDate: 9,
    });
  });
});

describe('lists', () => {
  const link = (next: string) => `https://next/${next}`;

  it('name keys without a version and versions with one', () => {
    expect(keyList(view, { items: [key] }, link)).toMatchObject({
      value: [{ kid: 'https://v1.vault.azure.net/keys/k1' }],
      nextLink: null,
    });
    expect(keyVersionList(view, { items: [key], next: 'n' }, link)).toMatchObject({
      value: [{ kid: `https://v1.vault.azure.net/keys/k1/${key.version}` }],
      nextLink: 'https://next/n',
    });
  });
});

describe('releasePayload', () => {
  const input = { view, apiVersion: '7.4', enc: 'CKM_RSA_AES_KEY_WRAP', key, keyHsm: 'e30' };

  it('repeats the request as its URL said it, then the key', () => {
    const payload = releasePayload({ ...input, nonce: 'ADE0101' });
    expect(JSON.stringify(payload)).toMatch(
      /^\{"request":\{"api-version":"7.4","enc":"CKM_RSA_AES_KEY_WRAP","kid":"https:\/\/v1.vault.azure.net\/keys\/k1","nonce":"ADE0101"\},"response":/,
    );
    expect(releasedKeySchema.parse(payload).response.key.key).toEqual({
      kid: `https://v1.vault.azure.net/keys/k1/${key.version}`,
      kty: 'RSA-HSM',
      key_hsm: 'e30',
    });
  });

  it('has no nonce when none was sent, and the version when the URL had it', () => {
    const { request } = releasePayload({ ...input, requestedVersion: key.version });
    expect(request).toEqual({
      'api-version': '7.4',
      enc: 'CKM_RSA_AES_KEY_WRAP',
      kid: `https://v1.vault.azure.net/keys/k1/${key.version}`,
    });
  });
});

describe('errorAnswer', () => {
  it('has an inner code only when there is one', () => {
    expect(errorAnswer('Forbidden', 'm')).toEqual({ error: { code: 'Forbidden', message: 'm' } });
    expect(
      errorAnswerSchema.parse(errorAnswer('Forbidden', 'm', 'KeyDisabled')).error.innererror?.code,
    ).toBe('KeyDisabled');
  });
});
