import { REVOCATIONS_FRESH_MS } from '@touchstone/service-key-vault';
import {
  extensionMetadata,
  parseCompactJws,
  revocationDigest,
  revocationList,
} from '@touchstone/token';
import { RELEASER, openBench, type Bench } from './bench';
import { anEnvironment, encodedPolicy } from './released';

const METADATA = '/shared/.well-known/touchstone-configuration';
const LIST = '/shared/revocations';

describe('an attestation service that takes tokens back', () => {
  let bench: Bench;

  beforeAll(async () => {
    bench = await openBench();
    const body = {
      kty: 'oct-HSM',
      attributes: { exportable: true },
      release_policy: { data: encodedPolicy(bench.authority.url) },
    };
    await bench.ask({ method: 'POST', path: '/keys/k/create', body });
  });
  afterAll(() => bench.close());

  const publish = (...tokens: readonly string[]): void => {
    const { stand, url } = bench.authority;
    stand.documents.set(METADATA, extensionMetadata(url));
    const digests = tokens.map((token) => revocationDigest(parseCompactJws(token)));
    stand.documents.set(LIST, revocationList(digests));
  };
  const release = (target: string) =>
    bench.ask({ method: 'POST', path: '/keys/k/release', as: RELEASER, body: { target } });
  const newToken = (jti: string): string =>
    bench.authority.token({ ...anEnvironment().claims, jti });

  it('has its word kept, a moment later at most', async () => {
    publish();
    const token = newToken('1');
    expect((await release(token)).status).toBe(200);
    publish(token);
    bench.clock.advance(REVOCATIONS_FRESH_MS);
    const refused = await release(token);
    expect(refused.status).toBe(403);
    expect(refused.body).toEqual({
      error: {
        code: 'Forbidden',
        message: 'Target environment attestation statement cannot be verified.',
      },
    });
    const record = await bench.decision(refused.headers['x-ms-request-id']);
    expect(record.decisive).toBe('token-revocation');
    expect((await release(newToken('2'))).status).toBe(200);
  });

  it('releases nothing while its list cannot be had', async () => {
    publish();
    expect((await release(newToken('3'))).status).toBe(200);
    bench.authority.stand.documents.delete(LIST);
    bench.clock.advance(REVOCATIONS_FRESH_MS);
    const answer = await release(newToken('4'));
    expect(answer.status).toBe(400);
    const record = await bench.decision(answer.headers['x-ms-request-id']);
    expect(record.decisive).toBe('token-revocation');
    publish();
    expect((await release(newToken('5'))).status).toBe(200);
  });
});
