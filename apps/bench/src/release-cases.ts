import { randomBytes } from 'node:crypto';
import { fromUtf8, sha256, toBase64Url } from '@touchstone/bytes';
import { createHttpClient } from '@touchstone/http-client';
import { createMaaClient } from '@touchstone/maa-client';
import { aQuote } from '@touchstone/testkit';
import { createVaultClient } from '@touchstone/vault-client';
import { PROVIDER, RUNTIME_DATA } from './attest-cases';
import { developmentToken } from './development-token';
import { CONNECTIONS, type LoadCase } from './load-case';
import { JSON_TYPE, httpRequest } from './request-file';
import type { Stand } from './stand';

async function releaseRequest(stand: Stand): Promise<Iterable<Buffer>> {
  const http = createHttpClient({ ca: stand.caPem });
  try {
    const endpoint = `${stand.service('attestation-service').url}/${PROVIDER}`;
    const { url: vaultUrl } = stand.service('key-vault');
    const bearer = developmentToken(stand, http, 'https://vault.azure.net/.default');
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

const release = (name: string, connections: number): LoadCase => ({
  name,
  role: 'key-vault',
  file: 'release',
  requests: releaseRequest,
  connections,
  operations: { rsaVerify: 2, rsaEncrypt: 1, rsaSign: 1 },
  note: `${connections} connections; floor: bearer and attestation token verified, key wrapped, answer signed`,
});

export const RELEASE_CASES: readonly LoadCase[] = [
  release('vault.release', CONNECTIONS),
  release('vault.release.c1', 1),
  release('vault.release.c128', 128),
];
