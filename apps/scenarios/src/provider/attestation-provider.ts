import { AttestationAdministrationClient, KnownAttestationType } from '@azure/attestation';
import { ClientSecretCredential } from '@azure/identity';
import { toUtf8 } from '@touchstone/bytes';
import { createProviders, serviceUrl } from '@touchstone/server-ecosystem';
import type { World } from '../frame/world';

const LOCATION = 'eastus2';
const POLL_MS = 100;
const EVALUATIONS_PATH = '/sgx/certification/v4/tcbevaluationdatanumbers';

/** An attestation provider under a policy of whoever relies on it. */
export interface AttestationProvider {
  readonly url: string;
  readonly policy: string;
}

/**
 * Makes the provider where there is none yet, and sets its policy with the official client: platforms that Intel calls out of
 * date get no token, whereas the shared providers' baseline lets them pass.
 */
export async function openAttestationProvider(
  world: World,
  provider: string,
): Promise<AttestationProvider> {
  const { endpoints, http, ca } = world;
  const pause = () => new Promise<void>((resolve) => setTimeout(resolve, POLL_MS));
  const providers = createProviders(endpoints, http, pause);
  const known = (await providers.list()).some(({ name }) => name === provider);
  if (!known) await providers.create({ name: provider, location: LOCATION });
  await providers.ready(provider);
  // As whoever relies on it reaches it, which is also what it issues tokens as.
  const url = `${serviceUrl(endpoints, 'attestation-service')}/${provider}`;
  const tlsOptions = { ca };
  const credential = new ClientSecretCredential(
    endpoints.tenant,
    endpoints.client.id,
    endpoints.client.secret,
    {
      authorityHost: serviceUrl(endpoints, 'identity'),
      disableInstanceDiscovery: true,
      tlsOptions,
    },
  );
  const policy = policyFor(await evaluationOf(world));
  const client = new AttestationAdministrationClient(url, credential, { tlsOptions });
  await client.setPolicy(KnownAttestationType.SgxEnclave, policy);
  return { url, policy };
}

const policyFor = (evaluation: number): string =>
  [
    'version= 1.1;',
    `configurationrules{ => issueproperty(type="x-ms-sgx-tcbidentifier", value="${evaluation}"); };`,
    'authorizationrules{ => permit(); };',
    'issuancerules{};',
  ].join('\n');

/** The oldest evaluation of TCBs that Intel still serves. */
async function evaluationOf({ endpoints, http }: World): Promise<number> {
  const { body } = await http.request({
    method: 'GET',
    url: `${serviceUrl(endpoints, 'intel-pcs')}${EVALUATIONS_PATH}`,
  });
  const { tcbEvaluationDataNumbers } = JSON.parse(toUtf8(body)) as {
    tcbEvaluationDataNumbers: { tcbEvalNumbers: { tcbEvaluationDataNumber: number }[] };
  };
  const { tcbEvalNumbers } = tcbEvaluationDataNumbers;
  return Math.min(...tcbEvalNumbers.map((one) => one.tcbEvaluationDataNumber));
}
