import { generateKeyPairSync } from 'node:crypto';
import { toBase64 } from '@touchstone/bytes';
import { decodeKeyHsm, unwrapKey } from '@touchstone/key-wrap';
import {
  EXTENSION_METADATA_PATH,
  TOKEN_CLOCK_TOLERANCE_SECONDS,
  extensionMetadata,
  parseCompactJws,
  revocationDigest,
  revocationList,
  unsecuredJwt,
} from '@touchstone/token';
import { keyVault } from '@touchstone/wire';
import { AUTHORITY, NOW, anAuthority, otherSigner, seconds } from './__fixtures__/an-authority';
import { memorySigningKeys, memoryVaultKeys } from './__fixtures__/memory-stores';
import { createAccessControl } from './access';

import { AUTHORITY_FRESH_MS } from './authority-keys';
import { createKeyVault } from './key-vault';
import type { ReleaseOutcome } from './release-key';

const kekPair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const kek = { ...kekPair.publicKey.export({ format: 'jwk' }), kid: 'kek1', key_ops: ['encrypt'] };
const runtime = { 'x-ms-runtime': { keys: [kek] } };
const good = {
  ...runtime,
  'x-ms-sgx-is-debuggable': false,
  'x-ms-sgx-mrenclave': 'aa',
  'x-ms-sgx-svn': 3,
};
const policy = {
  version: '1.0.0',
  anyOf: [
    {
      authority: `${AUTHORITY}/`,
      allOf: [
        { claim: 'x-ms-sgx-is-debuggable', equals: 'false' },
        { claim: 'x-ms-sgx-mrenclave', equals: 'aa' },
        { claim: 'x-ms-sgx-svn', greaterOrEquals: 2 },
      ],
    },
  ],
};
const principal = { oid: 'releaser', appid: 'app', tid: 'tenant' };
const view = { baseUrl: 'https://v1.vault.azure.net', recoverableDays: 90 };
const scope = { vault: 'v1', view, apiVersion: '7.4' as const };
const signingKeys = memorySigningKeys();

async function aVault(attributes: object = {}) {
  let now = NOW;
  const authority = anAuthority();
  const random = { bytes: (length: number) => new Uint8Array(length).fill(5) };
  const vault = createKeyVault({
    vaultKeys: memoryVaultKeys(),
    signingKeys,
    access: createAccessControl({
      releaser: ['Key Vault Crypto Service Release User'],
      reader: ['Key Vault Reader'],
    }),
    documents: authority.documents,
    random,
    clock: { now: () => now },
  });
  const request = keyVault.decodeCreateKey({
    kty: 'oct-HSM',
    attributes: { exportable: true, ...attributes },
    release_policy: { data: Buffer.from(JSON.stringify(policy)).toString('base64url') },
  });
  const key = await vault.keys.create(scope, 'k', request);
  const release = (target: string, rest: object = {}) =>
    vault.release({
      scope,
      principal,
      name: 'k',
      request: async () => ({ target, enc: 'RSA_AES_KEY_WRAP_256' }),
      ...rest,
    });
  const pass = (ms: number) => (now = new Date(now.getTime() + ms));
  return { vault, authority, key, release, pass };
}

const payloadOf = (outcome: ReleaseOutcome) => {
  if (!outcome.granted) throw outcome.error;
  const text = Buffer.from(outcome.jws.split('.')[1] ?? '', 'base64url').toString();
  return keyVault.releasedKeySchema.loose().parse(JSON.parse(text));
};
const refused = (code: string, decisive: string) =>
  expect.objectContaining({
    granted: false,
    error: expect.objectContaining({ code }) as Error,
    trail: expect.objectContaining({ decisive }) as object,
  });

describe('releaseKey', () => {
  it('gives the key, wrapped to the key of the token', async () => {
    const { release, authority, key } = await aVault();
    const outcome = await release(authority.token(good));
    const keyHsm = decodeKeyHsm(payloadOf(outcome).response.key.key.key_hsm);
    expect(keyHsm).toMatchObject({ kid: 'kek1', enc: 'RSA_AES_KEY_WRAP_256' });
    const unwrapped = unwrapKey({
      algorithm: keyHsm.enc,
      privateKey: kekPair.privateKey,
      wrapped: keyHsm.ciphertext,
    });
    expect(unwrapped).toEqual(key.material);
  });

  it('tells every check, each with what it read', async () => {
    const { release, authority, key } = await aVault();
    const { trail } = await release(authority.token(good));
    expect(trail.checks.map(({ name, result }) => `${name} ${result}`)).toEqual([
      'caller-permission passed',
      'request-form passed',
      'key-exists passed',
      'key-enabled passed',
      'key-not-before passed',
      'key-expires passed',
      'key-exportable passed',
      'token-form passed',
      'token-authority passed',
      'authority-keys passed',
      'token-algorithm passed',
      'token-signer passed',
      'token-signature passed',
      'token-issuer passed',
      'token-not-before passed',
      'token-expiry passed',
      'token-revocation skipped',
      'claim-x-ms-sgx-is-debuggable passed',
      'claim-x-ms-sgx-mrenclave passed',
      'claim-x-ms-sgx-svn passed',
      'key-encryption-key passed',
      'key-wrapped passed',
    ]);
    expect(trail).toMatchObject({
      anchor: `${AUTHORITY}/`,
      subject: {
        vault: 'v1',
        key: 'k',
        version: key.version,
        kty: 'oct-HSM',
        tokenSha256: expect.any(String) as string,
      },
      facts: {
        caller: 'releaser',
        enc: 'RSA_AES_KEY_WRAP_256',
        kekKid: 'kek1',
        kekBits: 2048,
        issuer: AUTHORITY,
      },
    });
    expect(trail.decisive).toBeUndefined();
    const { x5c, n } = {
      x5c: authority.token(good),
      n: Buffer.from(key.material).toString('base64url'),
    };
    expect(JSON.stringify(trail)).not.toContain(x5c);
    expect(JSON.stringify(trail)).not.toContain(n);
  });

  it('says to whom the request was addressed and echoes the nonce', async () => {
    const { release, authority, key } = await aVault();
    const request = async () => ({
      target: authority.token(good),
      enc: 'CKM_RSA_AES_KEY_WRAP' as const,
      nonce: 'ADE0101',
    });
    const outcome = await release('', { request, version: key.version });
    expect(payloadOf(outcome)['request']).toEqual({
      'api-version': '7.4',
      enc: 'CKM_RSA_AES_KEY_WRAP',
      kid: `https://v1.vault.azure.net/keys/k/${key.version}`,
      nonce: 'ADE0101',
    });
  });

  it('bears with an attestation service whose clock is a little ahead', async () => {
    const { release, authority } = await aVault();
    const nbf = seconds(NOW) + TOKEN_CLOCK_TOLERANCE_SECONDS - 1;
    expect(await release(authority.token({ ...good, nbf }))).toMatchObject({ granted: true });
  });

  it('knows a listed key by its certificate when the token has another kid for it', async () => {
    const { release, authority } = await aVault();
    const x5c = authority.signers[0]?.certificates.map(toBase64);
    const header = { kid: 'unlisted', x5c };
    expect(await release(authority.token(good, { header }))).toMatchObject({ granted: true });
  });
});

describe('releaseKey refuses', () => {
  it('a caller without the role, before anything is read', async () => {
    const { release } = await aVault();
    const request = () => Promise.reject(new Error('the body was read'));
    const reader = { ...principal, oid: 'reader' };
    expect(await release('', { principal: reader, request })).toEqual(
      refused('VAULT_FORBIDDEN', 'caller-permission'),
    );
  });

  it('a request that is none', async () => {
    const { release } = await aVault();
    const request = async () => keyVault.decodeReleaseKey({});
    expect(await release('', { request })).toEqual(refused('VAULT_MEMBER_MISSING', 'request-form'));
  });

  it('an API version that has no release', async () => {
    const { release } = await aVault();
    const old = { ...scope, apiVersion: '7.2' };
    expect(await release('', { scope: old })).toEqual(
      refused('VAULT_EXPORTABLE_UNSUPPORTED', 'request-form'),
    );
  });

  it('a key that is not there, or not in that version', async () => {
    const { release } = await aVault();
    expect(await release('x', { name: 'other' })).toEqual(
      refused('VAULT_KEY_NOT_FOUND', 'key-exists'),
    );
    expect(await release('x', { version: '0'.repeat(32) })).toEqual(
      refused('VAULT_KEY_NOT_FOUND', 'key-exists'),
    );
  });

  it.each([
    [{ enabled: false }, 'VAULT_KEY_DISABLED', 'key-enabled'],
    [{ nbf: seconds(NOW) + 1 }, 'VAULT_KEY_NOT_YET_VALID', 'key-not-before'],
    [{ exp: seconds(NOW) }, 'VAULT_KEY_EXPIRED', 'key-expires'],
  ])('a key with %j', async (attributes, code, decisive) => {
    const { release, authority } = await aVault(attributes);
    expect(await release(authority.token(good))).toEqual(refused(code, decisive));
  });

  it('a key that is not exportable', async () => {
    const { vault, release, authority } = await aVault();
    await vault.keys.create(scope, 'stays', keyVault.decodeCreateKey({ kty: 'oct-HSM' }));
    expect(await release(authority.token(good), { name: 'stays' })).toEqual(
      refused('VAULT_KEY_NOT_EXPORTABLE', 'key-exportable'),
    );
  });

  it.each([
    ['text that is no token', 'abc', 'token-form'],
    ['a token without a signature', unsecuredJwt({ iss: AUTHORITY, ...good }), 'token-algorithm'],
    ['an empty payload', 'eyJhbGciOiJSUzI1NiJ9..AA', 'token-form'],
  ])('%s', async (_title, target, decisive) => {
    const { release } = await aVault();
    expect(await release(target)).toEqual(refused('VAULT_ATTESTATION_UNVERIFIED', decisive));
  });

  it('a token with a MAC instead of a signature', async () => {
    const { release, authority } = await aVault();
    const [, payload] = authority.token(good).split('.');
    const header = Buffer.from('{"alg":"HS256","kid":"x"}').toString('base64url');
    expect(await release(`${header}.${payload}.AAAA`)).toEqual(
      refused('VAULT_ATTESTATION_UNVERIFIED', 'token-algorithm'),
    );
  });

  it('an issuer that the policy does not name, without asking it for anything', async () => {
    const { release, authority } = await aVault();
    const before = authority.fetched.length;
    const target = authority.token({ ...good, iss: 'https://evil.example.test' });
    expect(await release(target)).toEqual(refused('VAULT_POLICY_NOT_MET', 'token-authority'));
    expect(authority.fetched).toHaveLength(before);
  });

  it('a key of another party that names the right issuer and points elsewhere', async () => {
    const { release, authority } = await aVault();
    const signer = otherSigner();
    const header = { jku: 'https://evil.example.test/certs' };
    expect(await release(authority.token(good, { signer, header }))).toEqual(
      refused('VAULT_ATTESTATION_UNVERIFIED', 'token-signer'),
    );
    expect(authority.fetched.every((url) => url.startsWith(AUTHORITY))).toBe(true);
  });

  it('a key of another party under the kid of the right one', async () => {
    const { release, authority } = await aVault();
    const header = { kid: authority.signers[0]?.kid };
    expect(await release(authority.token(good, { signer: otherSigner(), header }))).toEqual(
      refused('VAULT_ATTESTATION_UNVERIFIED', 'token-signature'),
    );
  });

  it('a token whose payload was changed', async () => {
    const { release, authority } = await aVault();
    const [header, , signature] = authority.token(good).split('.');
    const [, payload] = authority.token({ ...good, 'x-ms-sgx-svn': 4 }).split('.');
    expect(await release(`${header}.${payload}.${signature}`)).toEqual(
      refused('VAULT_ATTESTATION_UNVERIFIED', 'token-signature'),
    );
  });

  it.each([
    ['a token that is just over', { exp: seconds(NOW) }, 'token-expiry'],
    ['a token that is long over', { exp: 1 }, 'token-expiry'],
    [
      'a token too far ahead',
      { nbf: seconds(NOW) + TOKEN_CLOCK_TOLERANCE_SECONDS + 1 },
      'token-not-before',
    ],
    ['a token of tomorrow', { nbf: seconds(NOW) + 86_400 }, 'token-not-before'],
    ['a token without an end', { exp: undefined }, 'token-form'],
  ])('%s', async (_title, claims, decisive) => {
    const { release, authority } = await aVault();
    expect(await release(authority.token({ ...good, ...claims }))).toEqual(
      refused('VAULT_ATTESTATION_UNVERIFIED', decisive),
    );
  });

  it.each([
    ['a debug enclave', { 'x-ms-sgx-is-debuggable': true }, 'claim-x-ms-sgx-is-debuggable'],
    ['another enclave', { 'x-ms-sgx-mrenclave': 'ab' }, 'claim-x-ms-sgx-mrenclave'],
    ['an old enclave', { 'x-ms-sgx-svn': 1 }, 'claim-x-ms-sgx-svn'],
    ['a token that does not say', { 'x-ms-sgx-svn': undefined }, 'claim-x-ms-sgx-svn'],
  ])('%s', async (_title, claims, decisive) => {
    const { release, authority } = await aVault();
    expect(await release(authority.token({ ...good, ...claims }))).toEqual(
      refused('VAULT_POLICY_NOT_MET', decisive),
    );
  });

  it('a token without a key to wrap to: never a plain key', async () => {
    const { release, authority } = await aVault();
    const target = authority.token({
      ...good,
      'x-ms-runtime': { keys: [{ ...kek, key_ops: ['sign'] }] },
    });
    expect(await release(target)).toEqual(refused('VAULT_KEK_UNUSABLE', 'key-encryption-key'));
  });

  it('a certificate in the header that the authority does not list', async () => {
    const { release, authority } = await aVault();
    const signer = otherSigner();
    const header = { x5c: signer.certificates.map(toBase64) };
    expect(await release(authority.token(good, { signer, header }))).toEqual(
      refused('VAULT_ATTESTATION_UNVERIFIED', 'token-signer'),
    );
  });

  it('a token that its issuer took back, and no other', async () => {
    const { release, authority } = await aVault();
    const [taken, other] = [authority.token({ ...good, jti: '1' }), authority.token(good)];
    authority.overrides.set(`${AUTHORITY}${EXTENSION_METADATA_PATH}`, extensionMetadata(AUTHORITY));
    authority.overrides.set(
      `${AUTHORITY}/revocations`,
      revocationList([revocationDigest(parseCompactJws(taken))]),
    );
    expect(await release(taken)).toEqual(
      refused('VAULT_ATTESTATION_UNVERIFIED', 'token-revocation'),
    );
    expect(await release(other)).toMatchObject({ granted: true });
  });

  it('when the authority has a list of what it took back, but not now', async () => {
    const { release, authority } = await aVault();
    authority.overrides.set(`${AUTHORITY}${EXTENSION_METADATA_PATH}`, extensionMetadata(AUTHORITY));
    expect(await release(authority.token(good))).toEqual(
      refused('VAULT_AUTHORITY_UNREACHABLE', 'token-revocation'),
    );
  });

  it('when the authority cannot be reached', async () => {
    const { release, authority, pass } = await aVault();
    authority.overrides.set(`${AUTHORITY}/certs`, undefined);
    pass(AUTHORITY_FRESH_MS);
    expect(await release(authority.token(good))).toEqual(
      refused('VAULT_AUTHORITY_UNREACHABLE', 'authority-keys'),
    );
  });

  it('with an unforeseen failure as its own outcome', async () => {
    const { release } = await aVault();
    const outcome = await release('', { request: () => Promise.reject(new Error('disk on fire')) });
    expect(outcome).toMatchObject({
      granted: false,
      error: new Error('disk on fire'),
      trail: { decisive: 'request-form' },
    });
  });
});
