import { RESET_DOCUMENT, wrapPolicy } from '@touchstone/policy-document';
import { JOSE_ATTACKS, JOSE_ATTACK_NAMES, type GoodJws } from '@touchstone/testkit';
import { jwtClaims, parseCompactJws } from '@touchstone/token';
import { READER, RELEASER, openBench, type Answer, type Bench } from './bench';
import { anEnvironment, encodedPolicy } from './released';
import { openStand, type Stand, type TestSigner } from './stand';

let bench: Bench;
let elsewhere: Stand;

beforeAll(async () => {
  bench = await openBench();
  elsewhere = await openStand(bench.ca, 'elsewhere');
  const body = {
    kty: 'oct-HSM',
    attributes: { exportable: true },
    release_policy: { data: encodedPolicy(bench.authority.url) },
  };
  await bench.ask({ method: 'POST', path: '/keys/k/create', body });
});
afterAll(async () => {
  await elsewhere.close();
  await bench.close();
});

/** The parts of a token that is taken as it is. */
function partsOf(token: string, { privateKey }: TestSigner): GoodJws {
  const jws = parseCompactJws(token);
  return { privateKey, header: jws.header, payload: jwtClaims(jws), elsewhere: elsewhere.url };
}

const environment = anEnvironment().claims;

const release = (target: string): Promise<Answer> =>
  bench.ask({ method: 'POST', path: '/keys/k/release', as: RELEASER, body: { target } });

const read = (token: string): Promise<Answer> =>
  bench.ask({ path: '/keys/k', as: null, headers: { authorization: `Bearer ${token}` } });

const UNVERIFIED = 'Target environment attestation statement cannot be verified.';
const NOT_MET = 'Target environment attestation does not meet key release policy requirements.';
const forbidden = (message: string) => ({ status: 403, body: { error: { message } } });

async function decisiveOf({ headers }: Answer): Promise<string | undefined> {
  return (await bench.decision(headers['x-ms-request-id'])).decisive;
}

describe('an attestation token', () => {
  const good = (): GoodJws => partsOf(bench.authority.token(environment), bench.authority.signer);

  it('is taken as it is', async () => {
    expect(await release(bench.authority.token(environment))).toMatchObject({ status: 200 });
  });

  it.each(JOSE_ATTACK_NAMES)('is not taken with %s', async (name) => {
    const answer = await release(JOSE_ATTACKS[name](good()));
    expect(answer).toMatchObject(forbidden(UNVERIFIED));
    expect(await decisiveOf(answer)).toMatch(/^token-(?:form|algorithm|signer|signature)$/);
    expect(elsewhere.asked).toEqual([]);
  });

  it('is no bearer token', async () => {
    const claims = { ...environment, oid: READER, aud: 'https://vault.azure.net' };
    expect(await read(bench.authority.token(claims))).toMatchObject({ status: 401 });
  });

  it('is no bearer token by the issuer’s name alone', async () => {
    const { payload } = partsOf(bench.identity.bearer({ oid: READER }), bench.identity.signer);
    expect(await read(bench.authority.token(payload))).toMatchObject({ status: 401 });
  });
});

describe('a bearer token', () => {
  const good = (): GoodJws =>
    partsOf(bench.identity.bearer({ oid: READER }), bench.identity.signer);

  it('is taken as it is', async () => {
    expect(await read(bench.identity.bearer({ oid: READER }))).toMatchObject({ status: 200 });
  });

  it.each(JOSE_ATTACK_NAMES)('is not taken with %s', async (name) => {
    expect(await read(JOSE_ATTACKS[name](good()))).toMatchObject({ status: 401 });
    expect(elsewhere.asked).toEqual([]);
  });
});

describe('in place of an attestation token', () => {
  it.each([
    ['an unsigned policy', () => wrapPolicy('version=1.0;'), 'token-algorithm'],
    ['the reset of a policy', () => RESET_DOCUMENT, 'token-algorithm'],
  ])('%s is not verified', async (_name, token, decisive) => {
    const answer = await release(token());
    expect(answer).toMatchObject(forbidden(UNVERIFIED));
    expect(await decisiveOf(answer)).toBe(decisive);
  });

  it.each([
    ['the answer to a policy that was set', { 'x-ms-policy-result': 'Updated' }],
    ['the answer to a policy that was read', { 'x-ms-policy': wrapPolicy('version=1.0;') }],
    [
      'the answer to a certificate that was added',
      { 'x-ms-policycertificates-result': 'IsPresent' },
    ],
  ])('%s, by the same key, says nothing of an environment', async (_name, claims) => {
    expect(await release(bench.authority.token(claims))).toMatchObject(forbidden(NOT_MET));
  });

  it('a bearer token is not of the authority', async () => {
    const answer = await release(bench.identity.bearer({ oid: READER, ...environment }));
    expect(answer).toMatchObject(forbidden(NOT_MET));
    expect(await decisiveOf(answer)).toBe('token-authority');
  });

  it('a bearer token that names the authority is not by its key', async () => {
    const claims = { oid: READER, ...environment, iss: bench.authority.url };
    const answer = await release(bench.identity.bearer(claims));
    expect(answer).toMatchObject(forbidden(UNVERIFIED));
    expect(await decisiveOf(answer)).toBe('token-signer');
  });

  it('the token of another provider, by the same key, is not of this authority', async () => {
    const iss = `${bench.authority.stand.url}/other`;
    const answer = await release(bench.authority.token({ ...environment, iss }));
    expect(answer).toMatchObject(forbidden(NOT_MET));
    expect(await decisiveOf(answer)).toBe('token-authority');
  });
});
