import { AttestationClient } from '@azure/attestation';
import { fromBase64Lenient, toBase64Url } from '@touchstone/bytes';
import { parseCertificate } from '@touchstone/pki';
import { KEY_OVERLAP_MS } from '@touchstone/service-attestation';
import type { Jwks } from '@touchstone/token';
import { jsonOf, openBench, OPERATOR_TOKEN, postAttest, type Bench } from './bench';
import { aBoundQuote } from './evidence';
import { operate } from './owners';

jest.setTimeout(60_000);

const ANNOUNCED_SECONDS = 60;

describe('signing keys', () => {
  let bench: Bench;
  let quote: Uint8Array;

  beforeAll(async () => {
    bench = await openBench();
    quote = aBoundQuote(bench.platform);
  });
  afterAll(() => bench.close());

  const rotate = (body: object, token = OPERATOR_TOKEN) =>
    bench.http.request({
      method: 'POST',
      url: `${bench.service().url}/operator/keys/rotate`,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  const keySet = async (query = ''): Promise<Jwks> => {
    const url = `${bench.provider()}/certs${query}`;
    return jsonOf(await bench.http.request({ method: 'GET', url })) as Jwks;
  };
  const kids = async () => (await keySet()).keys.map(({ kid }) => kid);

  /** Microsoft's client, as a program has it that starts now. */
  const aClient = () =>
    new AttestationClient(bench.provider(), {
      tlsOptions: { ca: bench.ca.pem },
      validationOptions: validation(),
    });
  const validation = () => ({
    validateToken: true,
    validateIssuer: true,
    expectedIssuer: bench.provider(),
    validateNotBeforeTime: true,
    validateExpirationTime: true,
    timeValidationSlack: 2 * ANNOUNCED_SECONDS,
  });

  it('rotate with overlap: Microsoft’s client takes tokens of the old and the new one', async () => {
    const client = aClient();
    const old = (await client.attestSgxEnclave(quote)).token;
    const answer = jsonOf(await rotate({ provider: 'sharedeus2' }));
    expect(answer).toMatchObject({
      regions: [
        { region: 'eastus2', keys: [{ state: 'announced' }, { state: 'signing', kid: old.keyId }] },
      ],
    });
    const during = (await client.attestSgxEnclave(quote)).token;
    expect(during.keyId).toBe(old.keyId);
    bench.clock.advance(ANNOUNCED_SECONDS * 1000);
    const later = aClient();
    const next = (await later.attestSgxEnclave(quote)).token;
    expect(next.keyId).not.toBe(old.keyId);
    expect(await kids()).toEqual([next.keyId, old.keyId]);
    const signers = await later.getAttestationSigners();
    for (const token of [old, during, next])
      expect(token.getTokenProblems(signers, validation())).toEqual([]);
  });

  it('stay as they are when the service starts again', async () => {
    const before = await kids();
    await bench.restart();
    expect(await kids()).toEqual(before);
  });

  it('leave when no token of theirs can live any more', async () => {
    const [signing, old] = await kids();
    bench.clock.advance(KEY_OVERLAP_MS);
    expect(await kids()).toEqual([signing]);
    expect(old).toBeDefined();
  });

  it.each([
    ['nobody', {}, 'guessed', 401],
    ['an unknown provider', { provider: 'fabrikam' }, OPERATOR_TOKEN, 404],
    ['an endless announcement', { announceSeconds: 86_401 }, OPERATOR_TOKEN, 400],
    ['an announcement that is no number', { announceSeconds: '60' }, OPERATOR_TOKEN, 400],
    ['a provider that is no name', { provider: 7 }, OPERATOR_TOKEN, 400],
  ])('are not rotated by or for %s', async (_name, body, token, status) => {
    const before = await kids();
    expect((await rotate(body, token)).status).toBe(status);
    expect(await kids()).toEqual(before);
  });

  it('have certificates as the preview had them, for its clients', async () => {
    const { keys } = await keySet('?api-version=2018-09-01-preview');
    const certificate = parseCertificate(fromBase64Lenient(keys[0]?.x5c?.[0] ?? ''));
    expect(certificate.basicConstraints).toEqual({ ca: true, pathLength: 0 });
    expect(certificate.notAfter.getUTCFullYear()).toBe(certificate.notBefore.getUTCFullYear() + 1);
  });
});

describe('signing keys of a TEE region, without a machine for enclaves', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench();
  });
  afterAll(() => bench.close());

  const unavailable = {
    error: {
      code: 'ServiceUnavailable',
      message: 'The provider signs inside an enclave, and the machine for it cannot be reached.',
    },
  };

  it('are not there, and no plain one stands in for them', async () => {
    const url = bench.provider('shareduks');
    const keys = await bench.http.request({ method: 'GET', url: `${url}/certs` });
    expect(keys.status).toBe(503);
    expect(jsonOf(keys)).toEqual(unavailable);
    const evidence = { quote: toBase64Url(aBoundQuote(bench.platform)) };
    const attested = await postAttest(
      { ...bench, http: bench.http, provider: () => url },
      evidence,
    );
    expect(attested.status).toBe(503);
    expect(attested.headers['retry-after']).toBe('5');
    expect(jsonOf(attested)).toEqual(unavailable);
    const record = await bench.http.request({
      method: 'GET',
      url: `${bench.service().url}/operator/decisions/${attested.headers['x-ms-request-id'] ?? ''}`,
      headers: { authorization: `Bearer ${OPERATOR_TOKEN}` },
    });
    expect(jsonOf(record)).toMatchObject({ decisive: 'signing-enclave', outcome: 'refused' });
  });

  it('leave a provider there not ready', async () => {
    const body = { name: 'thames', location: 'uksouth' };
    expect((await operate(bench, 'POST', '', body)).status).toBe(201);
    expect(jsonOf(await operate(bench, 'GET', 'thames'))).toMatchObject({ status: 'NotReady' });
    const url = `${bench.provider('thames')}/certs`;
    expect((await bench.http.request({ method: 'GET', url })).status).toBe(404);
  });

  it('are reported to who rotates, beside what was done elsewhere', async () => {
    const { body } = await bench.http.request({
      method: 'POST',
      url: `${bench.service().url}/operator/keys/rotate`,
      headers: { authorization: `Bearer ${OPERATOR_TOKEN}`, 'content-type': 'application/json' },
      body: '{}',
    });
    const signing: unknown = expect.arrayContaining([
      expect.objectContaining({ state: 'signing' }),
    ]);
    const { regions } = JSON.parse(new TextDecoder().decode(body)) as { regions: object[] };
    expect(regions).toMatchObject([
      { region: 'eastus2', keys: signing },
      { region: 'centralus', keys: signing },
      { region: 'uksouth', error: { code: 'ATTESTATION_TEE_UNAVAILABLE' } },
    ]);
  });
});
