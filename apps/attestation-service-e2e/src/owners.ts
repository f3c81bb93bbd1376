import { createEntraClient } from '@touchstone/entra-client';
import type { HttpClient, HttpResponse } from '@touchstone/http-client';
import {
  DEVELOPMENT_CLIENT_ID,
  DEVELOPMENT_CLIENT_SECRET,
  DEVELOPMENT_TENANT_ID,
} from '@touchstone/service-identity';
import type { Clock } from '@touchstone/ports';
import { OPERATOR_TOKEN, jsonOf, type Bench } from './bench';

/** Where owners and operators go: a service, whoever runs it, and the way there. */
export interface Reachable {
  readonly http: HttpClient;
  service(): { readonly url: string };
}

/** What the official client takes for a credential; the token comes from the bench's own authority. */
export function credentialOf({
  http,
  authority,
  clock,
}: Pick<Bench, 'http' | 'authority'> & { readonly clock: Clock }) {
  const entra = createEntraClient({
    authority,
    tenant: DEVELOPMENT_TENANT_ID,
    clientId: DEVELOPMENT_CLIENT_ID,
    secret: DEVELOPMENT_CLIENT_SECRET,
    http,
    clock,
  });
  return {
    getToken: async (scopes: string | string[]) => ({
      token: await entra.token(typeof scopes === 'string' ? scopes : scopes.join(' ')),
      expiresOnTimestamp: Date.now() + 3_600_000,
    }),
  };
}

/** One request to the routes of whoever runs the service. */
export function operate(
  { http, service }: Reachable,
  method: 'GET' | 'POST' | 'DELETE',
  name = '',
  body?: object,
  token = OPERATOR_TOKEN,
): Promise<HttpResponse> {
  return http.request({
    method,
    url: `${service().url}/operator/providers${name === '' ? '' : `/${name}`}`,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
}

/** Makes a provider and waits until it is ready. */
export async function makeProvider(
  bench: Reachable,
  name: string,
  signers?: string,
): Promise<void> {
  const created = await operate(bench, 'POST', '', {
    name,
    location: 'eastus2',
    ...(signers !== undefined && { signers }),
  });
  if (created.status !== 201) throw new Error(`the provider was not made: ${created.status}`);
  for (let waited = 0; waited < 100; waited += 1) {
    const shown = jsonOf(await operate(bench, 'GET', name)) as { status: string };
    if (shown.status === 'Ready') return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the provider did not become ready');
}
