import { generateKeyPairSync } from 'node:crypto';
import { fromUtf8, sha256, toBase64Url } from '@touchstone/bytes';
import { fleetQuotes } from './fleet';
import { CONNECTIONS, type LoadCase } from './load-case';
import { JSON_TYPE, httpRequest } from './request-file';
import type { Stand } from './stand';

export const PROVIDER = 'sharedeus2';

/** An environment's key: its public half is in the runtime data that the report commits to. */
const KEY = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' });
export const RUNTIME_DATA = fromUtf8(
  JSON.stringify({ keys: [{ ...KEY, kid: 'TpmEphemeralEncryptionKey', key_ops: ['encrypt'] }] }),
);
const runtimeData = { data: toBase64Url(RUNTIME_DATA), dataType: 'JSON' };

/** One request for each of so many platforms, to the provider. */
export const attestRequests =
  (platforms: number, provider = PROVIDER) =>
  async (stand: Stand): Promise<Iterable<Buffer>> => {
    const { url } = stand.service('attestation-service');
    const target = new URL(`${url}/${provider}/attest/SgxEnclave?api-version=2022-08-01`);
    const quotes = fleetQuotes(stand.platform, platforms, sha256(RUNTIME_DATA));
    return asRequests(quotes, (quote) =>
      httpRequest('POST', target, {
        headers: JSON_TYPE,
        body: JSON.stringify({ quote: toBase64Url(quote), runtimeData }),
      }),
    );
  };

function* asRequests<Value>(values: Iterable<Value>, make: (value: Value) => Buffer) {
  for (const value of values) yield make(value);
}

/** A warm attestation: the quote's two signatures, and the token's. */
export const ATTEST_OPERATIONS = { p256Verify: 2, rsaSign: 1 } as const;

const attest = (name: string, platforms: number, connections = CONNECTIONS): LoadCase => ({
  name,
  role: 'attestation-service',
  file: `attest-${platforms}`,
  requests: attestRequests(platforms),
  connections,
  operations: ATTEST_OPERATIONS,
  note: `${platforms} platform${platforms === 1 ? '' : 's'}, ${connections} connections`,
});

export const ATTEST_CASES: readonly LoadCase[] = [
  attest('attest.http', 1),
  attest('attest.http.c1', 1, 1),
  attest('attest.http.c8', 1, 8),
  attest('attest.http.c64', 1, 64),
];

/** In the order in which they grow: what a server holds only grows with them. */
export const ATTEST_FLEET_CASES: readonly LoadCase[] = [
  attest('attest.http.p100', 100),
  attest('attest.http.p10000', 10_000),
];
