import type { Endpoints } from '@touchstone/server-ecosystem';

/** The variables by which unmodified clients trust the local authority and find the development identity. */
export function clientEnvironment(endpoints: Endpoints): Record<string, string> {
  return {
    NODE_EXTRA_CA_CERTS: endpoints.ca,
    REQUESTS_CA_BUNDLE: endpoints.ca,
    SSL_CERT_FILE: endpoints.ca,
    CURL_CA_BUNDLE: endpoints.ca,
    AZURE_AUTHORITY_HOST: endpoints.services['identity'] ?? '',
    AZURE_TENANT_ID: endpoints.tenant,
    AZURE_CLIENT_ID: endpoints.client.id,
    AZURE_CLIENT_SECRET: endpoints.client.secret,
  };
}
