import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Collateral } from '@touchstone/collateral';
import { createEntraClient } from '@touchstone/entra-client';
import { createHttpClient, type HttpClient } from '@touchstone/http-client';
import { silentLogger, systemRandom } from '@touchstone/runtime';
import { startAttestationService } from '@touchstone/server-attestation';
import { startIdentity } from '@touchstone/server-identity';
import {
  DEVELOPMENT_CLIENT_ID,
  DEVELOPMENT_CLIENT_SECRET,
  DEVELOPMENT_TENANT_ID,
} from '@touchstone/service-identity';
import { pccsAnswer } from '@touchstone/testkit';
import { openLocalCa } from '@touchstone/tls';

/** Nobody listens there: what the service asks its cache is answered inside the process. */
const CACHE = 'http://pck-cache.invalid';
const OPERATOR_TOKEN = 'operator';

/** Our service, which trusts Intel alone, at an instant and with a cache that a test sets. */
export interface RecordedService {
  readonly url: string;
  readonly http: HttpClient;
  /** From now on it is then. */
  travelTo(instant: Date): void;
  /** From now on the cache holds this. */
  hold(collateral: Collateral): void;
  /** `Authorization` of somebody who may change policies, good at the instant. */
  bearer(): Promise<string>;
  /** Makes a provider of one's own, isolated where signers are given as PEM. */
  makeProvider(name: string, signers?: string): Promise<void>;
  close(): Promise<void>;
}

export async function openRecordedService(): Promise<RecordedService> {
  let instant = new Date();
  let held: Collateral | undefined;
  const home = await mkdtemp(path.join(tmpdir(), 'recorded-service-'));
  const tls = await openLocalCa(home);
  const http = createHttpClient({ ca: tls.pem });
  const shared = {
    home,
    host: '127.0.0.1',
    port: 0,
    clock: { now: () => new Date(instant) },
    logger: silentLogger,
    random: systemRandom,
    tls,
    kek: systemRandom.bytes(32),
  };
  const identity = await startIdentity(shared);
  const service = await startAttestationService({
    ...shared,
    http: { ...http, request: withCache(http, () => held) },
    pckCacheUrl: CACHE,
    identity: { authority: identity.url, tenant: DEVELOPMENT_TENANT_ID },
    operatorToken: OPERATOR_TOKEN,
  });
  return {
    url: service.url,
    http,
    travelTo: (next) => {
      instant = next;
    },
    hold: (collateral) => {
      held = collateral;
    },
    async bearer() {
      const entra = createEntraClient({
        authority: identity.url,
        tenant: DEVELOPMENT_TENANT_ID,
        clientId: DEVELOPMENT_CLIENT_ID,
        secret: DEVELOPMENT_CLIENT_SECRET,
        http,
        clock: shared.clock,
      });
      return `Bearer ${await entra.token('https://attest.azure.net/.default')}`;
    },
    makeProvider: (name, signers) => makeProvider(http, service.url, { name, signers }),
    async close() {
      await service.close();
      await identity.close();
      await http.close();
      await rm(home, { recursive: true });
    },
  };
}

function withCache(http: HttpClient, held: () => Collateral | undefined): HttpClient['request'] {
  return async (request) => {
    if (!request.url.startsWith(CACHE)) return http.request(request);
    const collateral = held();
    const answer = collateral && pccsAnswer(collateral, new URL(request.url).pathname);
    if (!answer) return { status: 404, headers: {}, body: new Uint8Array() };
    const headers = Object.entries(answer.headers).map(([name, text]) => [
      name.toLowerCase(),
      text,
    ]);
    return { status: 200, headers: Object.fromEntries(headers), body: answer.body };
  };
}

async function makeProvider(http: HttpClient, url: string, provider: object): Promise<void> {
  const { name } = provider as { readonly name: string };
  const headers = {
    authorization: `Bearer ${OPERATOR_TOKEN}`,
    'content-type': 'application/json',
  };
  const body = JSON.stringify({ ...provider, location: 'westus' });
  const made = await http.request({
    method: 'POST',
    url: `${url}/operator/providers`,
    headers,
    body,
  });
  if (made.status !== 201) throw new Error(`the provider was not made: ${made.status}`);
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const shown = await http.request({
      method: 'GET',
      url: `${url}/operator/providers/${name}`,
      headers,
    });
    if (Buffer.from(shown.body).includes('"Ready"')) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the provider did not become ready');
}
