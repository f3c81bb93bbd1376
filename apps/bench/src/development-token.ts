import { createEntraClient } from '@touchstone/entra-client';
import type { HttpClient } from '@touchstone/http-client';
import { systemClock } from '@touchstone/runtime';
import {
  DEVELOPMENT_CLIENT_ID,
  DEVELOPMENT_CLIENT_SECRET,
  DEVELOPMENT_TENANT_ID,
} from '@touchstone/service-identity';
import type { Stand } from './stand';

/** Gives bearer tokens of the development client for a scope. */
export function developmentToken(
  stand: Stand,
  http: HttpClient,
  scope: string,
): () => Promise<string> {
  const entra = createEntraClient({
    authority: stand.service('identity').url,
    tenant: DEVELOPMENT_TENANT_ID,
    clientId: DEVELOPMENT_CLIENT_ID,
    secret: DEVELOPMENT_CLIENT_SECRET,
    http,
    clock: systemClock(),
  });
  return () => entra.token(scope);
}
