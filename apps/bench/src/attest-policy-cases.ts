import { createHttpClient, type HttpClient } from '@touchstone/http-client';
import { wrapPolicy } from '@touchstone/policy-document';
import { OPERATOR_PROVIDERS_PATH } from '@touchstone/server-attestation';
import { ATTEST_OPERATIONS, attestRequests } from './attest-cases';
import { developmentToken } from './development-token';
import { CONNECTIONS, type LoadCase } from './load-case';
import { JSON_TYPE } from './request-file';
import { OPERATOR_TOKEN } from './roles';
import { policyOf } from './rule-policies';
import type { Stand } from './stand';

const PROVIDER = 'benchpolicy';
const RULES = 10;

/** Attest with a provider's own policy: what `attest.http`, with the default one, is to be compared with. */
export const ATTEST_POLICY_CASES: readonly LoadCase[] = [
  {
    name: 'attest.policy',
    role: 'attestation-service',
    file: 'attest-policy',
    requests: async (stand) => {
      await openProvider(stand);
      return attestRequests(1, PROVIDER)(stand);
    },
    connections: CONNECTIONS,
    operations: ATTEST_OPERATIONS,
    note: `1 platform, ${CONNECTIONS} connections, a policy of ${RULES} rules`,
  },
];

/** Makes a provider of one's own and sets its policy, unsigned. */
async function openProvider(stand: Stand): Promise<void> {
  const { url } = stand.service('attestation-service');
  const http = createHttpClient({ ca: stand.caPem });
  try {
    await expectSuccess(http, 'POST', `${url}${OPERATOR_PROVIDERS_PATH}`, {
      headers: { ...JSON_TYPE, authorization: `Bearer ${OPERATOR_TOKEN}` },
      body: JSON.stringify({ name: PROVIDER, location: 'eastus2' }),
    });
    const bearer = developmentToken(stand, http, 'https://attest.azure.net/.default');
    const policy = `${url}/${PROVIDER}/policies/SgxEnclave?api-version=2022-08-01`;
    await expectSuccess(http, 'PUT', policy, {
      headers: { 'content-type': 'text/plain', authorization: `Bearer ${await bearer()}` },
      body: wrapPolicy(policyOf(RULES)),
    });
  } finally {
    await http.close();
  }
}

async function expectSuccess(
  http: HttpClient,
  method: 'POST' | 'PUT',
  url: string,
  request: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
): Promise<void> {
  const { status, body } = await http.request({ method, url, ...request });
  if (status >= 300) throw new Error(`${url} answered ${status}: ${Buffer.from(body).toString()}`);
}
