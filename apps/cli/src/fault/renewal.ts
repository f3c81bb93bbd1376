import { toUtf8 } from '@touchstone/bytes';
import { CodedError } from '@touchstone/errors';
import type { EnclaveHostClient } from '@touchstone/enclave-rpc';
import type { HttpClient } from '@touchstone/http-client';
import type { Endpoints } from '@touchstone/server-ecosystem';

/** Whether a party now holds what the simulated Intel services say, or goes on with what it held. */
export interface Renewal {
  readonly party: string;
  readonly what: string;
  readonly renewed: boolean;
  /** Why not. */
  readonly detail?: string;
}

export interface RenewalTools {
  readonly endpoints: Pick<Endpoints, 'services' | 'operatorToken'>;
  readonly http: Pick<HttpClient, 'request'>;
  readonly host: Pick<EnclaveHostClient, 'renewPckCertificate'>;
}

/**
 * Has every party that holds documents of Intel's ask for them anew, from the source on: what has happened is seen at once,
 * and not only when caches look again. A party that cannot goes on with what it held, as it would anyway.
 */
export async function renewEverywhere(tools: RenewalTools): Promise<readonly Renewal[]> {
  const { endpoints, http, host } = tools;
  const { 'pck-cache': cache = '', 'attestation-service': attestation = '' } = endpoints.services;
  const refresh = `${cache}/sgx/certification/v4/refresh`;
  const admin = { 'admin-token': endpoints.operatorToken };
  const operator = { authorization: `Bearer ${endpoints.operatorToken}` };
  return [
    await renewal('pck-cache', 'collateral', () => post(http, refresh, admin)),
    await renewal('pck-cache', 'PCK certificates', () =>
      post(http, `${refresh}?type=certs`, admin),
    ),
    await renewal('enclave-host', 'PCK certificate', () => host.renewPckCertificate({})),
    await renewal('attestation-service', 'collateral', () =>
      post(http, `${attestation}/operator/collateral/forget`, operator),
    ),
  ];
}

async function renewal(
  party: string,
  what: string,
  attempt: () => Promise<unknown>,
): Promise<Renewal> {
  try {
    await attempt();
    return { party, what, renewed: true };
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return { party, what, renewed: false, detail: error.message };
  }
}

class RenewalError extends CodedError<'RENEWAL_REFUSED'> {}

const MAX_SHOWN_CHARACTERS = 120;

async function post(
  http: Pick<HttpClient, 'request'>,
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  const { status, body } = await http.request({ method: 'POST', url, headers });
  if (status === 200) return;
  const text = toUtf8(body).trim().slice(0, MAX_SHOWN_CHARACTERS);
  throw new RenewalError('RENEWAL_REFUSED', [String(status), text].filter(Boolean).join(' '));
}
