import { createHmac, generateKeyPairSync } from 'node:crypto';
import { NOBODY, READER, RELEASER, openBench } from './bench';
import type { Answer, Bench } from './bench';
import { anEnvironment, encodedPolicy, openReleased } from './released';
import { newSigner } from './stand';
import type { Claims } from './stand';

let bench: Bench;
const good = anEnvironment().claims;
const UNVERIFIED = 'Target environment attestation statement cannot be verified.';
const NOT_MET = 'Target environment attestation does not meet key release policy requirements.';

async function create(name: string, attributes: Claims = {}): Promise<void> {
  const body = {
    kty: 'oct-HSM',
    attributes: { exportable: true, ...attributes },
    release_policy: { data: encodedPolicy(bench.authority.url) },
  };
  expect(await bench.ask({ method: 'POST', path: `/keys/${name}/create`, body })).toMatchObject({
    status: 200,
  });
}

const release = (
  target: unknown,
  rest: { as?: string; path?: string; body?: object } = {},
): Promise<Answer> =>
  bench.ask({
    method: 'POST',
    path: rest.path ?? '/keys/k/release',
    as: rest.as ?? RELEASER,
    body: { target, ...rest.body },
  });

/** What every refusal must be: the exact wire form, and a record that names what decided. */
async function expectRefusal(
  answer: Answer,
  status: number,
  error: object,
  decisive: string,
): Promise<void> {
  expect({ status: answer.status, body: answer.body }).toEqual({ status, body: { error } });
  expect(JSON.stringify(answer.body)).not.toContain('ciphertext');
  const record = await bench.decision(answer.headers['x-ms-request-id']);
  expect(record).toMatchObject({
    kind: 'release',
    service: 'key-vault',
    outcome: 'refused',
    status,
    decisive,
  });
}

beforeAll(async () => {
  bench = await openBench();
  await create('k');
});
afterAll(() => bench.close());

describe('a release that is granted', () => {
  it('leaves a record of every check and no secret', async () => {
    const target = bench.authority.token(good);
    const answer = await release(target, { body: { nonce: 'n1' } });
    expect(answer.status).toBe(200);
    const { value } = answer.body as { value: string };
    expect(openReleased(value).request['nonce']).toBe('n1');
    const record = await bench.decision(answer.headers['x-ms-request-id']);
    expect(record).toMatchObject({
      outcome: 'granted',
      status: 200,
      anchor: bench.authority.url,
      subject: { vault: 'local', key: 'k', kty: 'oct-HSM' },
      facts: { caller: RELEASER, kekBits: 2048, kekKid: 'TpmEphemeralEncryptionKey' },
    });
    // The authority has no list of tokens that it took back.
    const others = record.checks.filter(({ result }) => result !== 'passed');
    expect(others).toMatchObject([{ name: 'token-revocation', result: 'skipped' }]);
    expect(record.checks.find(({ name }) => name === 'claim-x-ms-sgx-mrenclave')).toMatchObject({
      read: 'aa',
      expected: 'equals aa',
    });
    expect(JSON.stringify(record)).not.toContain(target);
  });

  it('takes an authority with a slash at its end, and an issuer without', async () => {
    const body = {
      kty: 'oct-HSM',
      attributes: { exportable: true },
      release_policy: { data: encodedPolicy(`${bench.authority.url}/`) },
    };
    await bench.ask({ method: 'POST', path: '/keys/slash/create', body });
    expect(
      await release(bench.authority.token(good), { path: '/keys/slash/release' }),
    ).toMatchObject({ status: 200 });
  });

  it.each(['/keys/k//release', '/keys/k/release/', '//keys//k/release'])(
    'answers at %s',
    async (path) => {
      expect(await release(bench.authority.token(good), { path })).toMatchObject({ status: 200 });
    },
  );
});

describe('the caller', () => {
  it.each([READER, NOBODY])('%s may not release', async (as) => {
    const answer = await release(bench.authority.token(good), { as });
    const { message } = (answer.body as { error: { message: string } }).error;
    await expectRefusal(
      answer,
      403,
      { code: 'Forbidden', message, innererror: { code: 'ForbiddenByRbac' } },
      'caller-permission',
    );
    expect(message).toMatch(/^Caller is not authorized to perform action on resource\.\r\n/);
    expect(message).toContain(`oid=${as};`);
    expect(message).toContain("Action: 'Microsoft.KeyVault/vaults/keys/release/action'");
  });
});

describe('the key', () => {
  const keyNotFound = (name: string) => ({
    code: 'KeyNotFound',
    message: expect.stringMatching(
      `^A key with \\(name/id\\) ${name} was not found in this key vault\\.`,
    ) as string,
  });

  it('must be there', async () => {
    const answer = await release(bench.authority.token(good), { path: '/keys/none/release' });
    await expectRefusal(answer, 404, keyNotFound('none'), 'key-exists');
  });

  it('must be there in that version', async () => {
    const version = '0'.repeat(32);
    const answer = await release(bench.authority.token(good), {
      path: `/keys/k/${version}/release`,
    });
    await expectRefusal(answer, 404, keyNotFound(`k/${version}`), 'key-exists');
  });

  const now = Math.floor(Date.now() / 1000);
  it.each([
    ['disabled', { enabled: false }, 'KeyDisabled', 'a disabled key.', 'key-enabled'],
    [
      'early',
      { nbf: now + 3600 },
      'KeyNotYetValid',
      'a key that is not yet valid.',
      'key-not-before',
    ],
    ['late', { exp: now - 3600 }, 'KeyExpired', 'an expired key.', 'key-expires'],
  ])('must be usable: %s', async (name, attributes, inner, text, decisive) => {
    await create(name, attributes);
    const answer = await release(bench.authority.token(good), { path: `/keys/${name}/release` });
    const message = `Operation release is not allowed on ${text}`;
    await expectRefusal(
      answer,
      403,
      { code: 'Forbidden', message, innererror: { code: inner } },
      decisive,
    );
  });

  it('must be exportable', async () => {
    await bench.ask({ method: 'POST', path: '/keys/stays/create', body: { kty: 'oct-HSM' } });
    const answer = await release(bench.authority.token(good), { path: '/keys/stays/release' });
    const message = 'Operation release is not allowed on a key that is not exportable.';
    await expectRefusal(answer, 403, { code: 'Forbidden', message }, 'key-exportable');
  });
});

describe('the token', () => {
  const unverified = (answer: Answer, decisive: string) =>
    expectRefusal(answer, 403, { code: 'Forbidden', message: UNVERIFIED }, decisive);
  const notMet = (answer: Answer, decisive: string) =>
    expectRefusal(answer, 403, { code: 'Forbidden', message: NOT_MET }, decisive);

  it.each([
    'x',
    'a.b.c',
    '..',
    `${Buffer.from('{"alg":"RS256"}').toString('base64url')}.e30=.AAAA`,
  ])('must be a token: %s', async (target) => unverified(await release(target), 'token-form'));

  it('must be signed', async () => {
    const [, payload] = bench.authority.token(good).split('.');
    const header = Buffer.from('{"alg":"none"}').toString('base64url');
    await unverified(await release(`${header}.${payload}.`), 'token-algorithm');
  });

  it('must not be authenticated with the public key as a secret', async () => {
    const [, payload] = bench.authority.token(good).split('.');
    const header = Buffer.from(
      JSON.stringify({ alg: 'HS256', kid: bench.authority.signer.kid }),
    ).toString('base64url');
    const mac = createHmac('sha256', bench.authority.signer.spki)
      .update(`${header}.${payload}`)
      .digest('base64url');
    await unverified(await release(`${header}.${payload}.${mac}`), 'token-algorithm');
  });

  it('must be signed by the authority, wherever its jku points', async () => {
    const signer = newSigner();
    const header = {
      jku: `${bench.identity.stand.url}/certs`,
      x5c: signer.certificates.map((der) => Buffer.from(der).toString('base64')),
    };
    const before = bench.identity.stand.asked.length;
    await unverified(
      await release(bench.authority.token(good, { signer, header })),
      'token-signer',
    );
    expect(bench.identity.stand.asked.slice(before)).not.toContain('/certs');
  });

  it('must be signed by the key that its kid names', async () => {
    const header = { kid: bench.authority.signer.kid };
    await unverified(
      await release(bench.authority.token(good, { signer: newSigner(), header })),
      'token-signature',
    );
  });

  it('must not be changed, by any bit', async () => {
    const token = bench.authority.token(good);
    const [header = '', payload = '', signature = ''] = token.split('.');
    const bytes = Buffer.from(payload, 'base64url');
    for (let i = 0; i < 12; i += 1) {
      const at = Math.floor((bytes.length * i) / 12);
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      const answer = await release(`${header}.${changed.toString('base64url')}.${signature}`);
      expect(answer.status).toBe(403);
    }
  });

  it('must not be over', async () => {
    const exp = Math.floor(Date.now() / 1000) - 1;
    await unverified(await release(bench.authority.token({ ...good, exp })), 'token-expiry');
  });

  it('must have begun', async () => {
    const nbf = Math.floor(Date.now() / 1000) + 3600;
    await unverified(await release(bench.authority.token({ ...good, nbf })), 'token-not-before');
  });

  it('must come from an authority of the policy', async () => {
    const iss = bench.identity.stand.url;
    await notMet(await release(bench.authority.token({ ...good, iss })), 'token-authority');
  });

  it.each([
    ['of another enclave', { 'x-ms-sgx-mrenclave': 'ab' }, 'claim-x-ms-sgx-mrenclave'],
    ['of a debug enclave', { 'x-ms-sgx-is-debuggable': true }, 'claim-x-ms-sgx-is-debuggable'],
    [
      'that does not say which enclave',
      { 'x-ms-sgx-mrenclave': undefined },
      'claim-x-ms-sgx-mrenclave',
    ],
    [
      'that hides the claim in a list',
      { 'x-ms-sgx-mrenclave': ['aa'] },
      'claim-x-ms-sgx-mrenclave',
    ],
  ])('%s does not meet the policy', async (_title, claims, decisive) => {
    await notMet(await release(bench.authority.token({ ...good, ...claims })), decisive);
  });

  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  it.each([
    ['none', undefined],
    ['one for signatures only', [{ ...publicKey.export({ format: 'jwk' }), kid: 'k', use: 'sig' }]],
    ['a short one', [{ ...publicKey.export({ format: 'jwk' }), kid: 'k', use: 'enc' }]],
    ['no key at all in it', [null, 'x', {}]],
  ])('must carry a key to wrap to: %s', async (_title, keys) => {
    const answer = await release(bench.authority.token({ ...good, 'x-ms-runtime': { keys } }));
    const message = 'Target environment attestation carries no usable key encryption key.';
    await expectRefusal(answer, 400, { code: 'BadParameter', message }, 'key-encryption-key');
  });
});

describe('the authority', () => {
  it('must be reachable', async () => {
    const { stand, url } = bench.authority;
    const kept = stand.documents.get('/shared/certs');
    stand.documents.delete('/shared/certs');
    bench.clock.advance(11 * 60_000);
    const answer = await release(bench.authority.token(good));
    const message = `AKV.SKR.1012: The specified attestation service ${url} cannot be reached.`;
    await expectRefusal(answer, 400, { code: 'BadParameter', message }, 'authority-keys');
    stand.documents.set('/shared/certs', kept);
    expect(await release(bench.authority.token(good))).toMatchObject({ status: 200 });
  });
});
