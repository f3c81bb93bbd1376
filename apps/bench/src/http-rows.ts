import { generateKeyPairSync, randomBytes } from 'node:crypto';
import path from 'node:path';
import { fromUtf8, sha256, toBase64Url } from '@touchstone/bytes';
import { createEntraClient } from '@touchstone/entra-client';
import { createHttpClient } from '@touchstone/http-client';
import { createMaaClient } from '@touchstone/maa-client';
import { systemClock } from '@touchstone/runtime';
import {
  DEVELOPMENT_CLIENT_ID,
  DEVELOPMENT_CLIENT_SECRET,
  DEVELOPMENT_TENANT_ID,
} from '@touchstone/service-identity';
import { aQuote } from '@touchstone/testkit';
import { createVaultClient } from '@touchstone/vault-client';
import { fleetQuotes } from './fleet';
import { type Operations, load } from './processes';
import { httpRequest, writeRequests } from './request-file';
import { type Row, rateRow } from './row';
import type { Role } from './roles';
import type { Stand } from './stand';

export interface LoadOptions {
  readonly warmMs: number;
  /** Of one window. */
  readonly ms: number;
  readonly windows: number;
  /** Folder for a profile of each case. */
  readonly profile?: string;
}

/** A row about a service under load. */
export interface LoadCase {
  readonly name: string;
  readonly role: Role;
  /** Requests are told apart by what they are made of: cases with the same file share it. */
  readonly file: string;
  readonly requests: (stand: Stand) => Promise<Iterable<Buffer>>;
  readonly connections: number;
  /** The cryptography that each answer needs. */
  readonly operations?: Operations;
  readonly note: string;
}

const PROVIDER = 'sharedeus2';
const CONNECTIONS = 16;
const JSON_TYPE = { 'content-type': 'application/json' };

/** An environment's key: its public half is in the runtime data that the report commits to. */
const KEY = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' });
const RUNTIME_DATA = fromUtf8(
  JSON.stringify({ keys: [{ ...KEY, kid: 'TpmEphemeralEncryptionKey', key_ops: ['encrypt'] }] }),
);
const runtimeData = { data: toBase64Url(RUNTIME_DATA), dataType: 'JSON' };

const attestRequests =
  (platforms: number) =>
  async (stand: Stand): Promise<Iterable<Buffer>> => {
    const { url } = stand.service('attestation-service');
    const target = new URL(`${url}/${PROVIDER}/attest/SgxEnclave?api-version=2022-08-01`);
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

const tcbRequest = async (stand: Stand): Promise<Iterable<Buffer>> => {
  const { url } = stand.service('pck-cache');
  const { fmspc } = stand.platform.model;
  return [httpRequest('GET', new URL(`${url}/sgx/certification/v4/tcb?fmspc=${fmspc}`))];
};

async function releaseRequest(stand: Stand): Promise<Iterable<Buffer>> {
  const http = createHttpClient({ ca: stand.caPem });
  try {
    const endpoint = `${stand.service('attestation-service').url}/${PROVIDER}`;
    const { url: vaultUrl } = stand.service('key-vault');
    const entra = createEntraClient({
      authority: stand.service('identity').url,
      tenant: DEVELOPMENT_TENANT_ID,
      clientId: DEVELOPMENT_CLIENT_ID,
      secret: DEVELOPMENT_CLIENT_SECRET,
      http,
      clock: systemClock(),
    });
    const bearer = () => entra.token('https://vault.azure.net/.default');
    const vault = createVaultClient({ vaultUrl, http, token: bearer });
    await vault.importKey('bench', {
      key: { kty: 'oct-HSM', k: randomBytes(32).toString('base64url'), key_ops: ['encrypt'] },
      attributes: { exportable: true },
      release_policy: { data: releasePolicy(endpoint) },
    });
    const quote = aQuote(stand.platform, { reportData: sha256(RUNTIME_DATA) });
    const { token } = await createMaaClient({ endpoint, http }).attestSgx({
      quote,
      runtimeData: { bytes: RUNTIME_DATA, dataType: 'JSON' },
    });
    const target = new URL(`${vaultUrl}/keys/bench/release?api-version=7.4`);
    const headers = { ...JSON_TYPE, authorization: `Bearer ${await bearer()}` };
    return [httpRequest('POST', target, { headers, body: JSON.stringify({ target: token }) })];
  } finally {
    await http.close();
  }
}

const releasePolicy = (authority: string): string => {
  const allOf = [{ claim: 'x-ms-sgx-is-debuggable', equals: 'false' }];
  return toBase64Url(fromUtf8(JSON.stringify({ version: '1.0.0', anyOf: [{ authority, allOf }] })));
};

const attest = (name: string, platforms: number, connections = CONNECTIONS): LoadCase => ({
  name,
  role: 'attestation-service',
  file: `attest-${platforms}`,
  requests: attestRequests(platforms),
  connections,
  operations: { p256Verify: 2, rsaSign: 1 },
  note: `${platforms} platform${platforms === 1 ? '' : 's'}, ${connections} connections`,
});

const tcb = (name: string, connections: number): LoadCase => ({
  name,
  role: 'pck-cache',
  file: 'tcb',
  requests: tcbRequest,
  connections,
  note: `cached, ${connections} connections`,
});

const release = (name: string, connections: number): LoadCase => ({
  name,
  role: 'key-vault',
  file: 'release',
  requests: releaseRequest,
  connections,
  operations: { rsaVerify: 2, rsaEncrypt: 1, rsaSign: 1 },
  note: `${connections} connections; floor: bearer and attestation token verified, key wrapped, answer signed`,
});

/** In the order in which they grow: what a server holds only grows with them. */
export const LOAD_CASES: readonly LoadCase[] = [
  attest('attest.http', 1),
  attest('attest.http.c1', 1, 1),
  attest('attest.http.c8', 1, 8),
  attest('attest.http.c64', 1, 64),
  attest('attest.http.p100', 100),
  attest('attest.http.p10000', 10_000),
  tcb('pccs.tcb', CONNECTIONS),
  tcb('pccs.tcb.c1', 1),
  tcb('pccs.tcb.c128', 128),
  release('vault.release', CONNECTIONS),
  release('vault.release.c1', 1),
  release('vault.release.c128', 128),
];

/** Loads the service of one case and makes its row. */
export async function loadRow(
  stand: Stand,
  loadCase: LoadCase,
  { profile, windows, ...lengths }: LoadOptions,
): Promise<Row> {
  const { name, role, connections, operations, note } = loadCase;
  const requestFile = stand.file(`${loadCase.file}.requests`);
  await writeRequests(requestFile, await loadCase.requests(stand));
  const server = stand.service(role);
  const job = { url: server.url, ca: stand.ca, requestFile, connections, ...lengths };
  const result = await load(server, job, {
    windows,
    ...(operations !== undefined && { operations }),
    ...(profile !== undefined && { profileFile: path.resolve(profile, `${name}.cpuprofile`) }),
  });
  const { cpuMsEach, floorMs, p50, p99, peakMiB, perSecond } = result;
  return rateRow(name, cpuMsEach, floorMs, {
    p50,
    p99,
    peakMiB,
    note: `${note}; ${Math.round(perSecond)} a second came back`,
  });
}
