/** OpenID metadata of an attestation provider. */
export interface MetadataDocument {
  readonly response_types_supported: readonly string[];
  readonly id_token_signing_alg_values_supported: readonly string[];
  readonly revocation_endpoint: string;
  readonly issuer: string;
  readonly jwks_uri: string;
  readonly claims_supported: readonly string[];
}

const CLAIMS_SUPPORTED = [
  'cnf',
  'nonce',
  'x-ms-ver',
  'x-ms-attestation-type',
  'x-ms-policy-hash',
  'x-ms-policy-signer',
  'x-ms-sgx-is-debuggable',
  'x-ms-sgx-mrenclave',
  'x-ms-sgx-mrsigner',
  'x-ms-sgx-svn',
  'x-ms-sgx-ehd',
  'x-ms-sgx-collateral',
  'is-debuggable',
  'sgx-mrsigner',
  'sgx-mrenclave',
  'product-id',
  'svn',
  'tee',
] as const;

/** The document with members and values in the order of the live service; `attestUri` has no trailing slash. */
export function metadataDocument(attestUri: string): MetadataDocument {
  return {
    response_types_supported: ['token', 'none'],
    id_token_signing_alg_values_supported: ['RS256'],
    revocation_endpoint: `${attestUri}/revoke`,
    issuer: attestUri,
    jwks_uri: jwksUri(attestUri),
    claims_supported: CLAIMS_SUPPORTED,
  };
}

/** Where a provider publishes its keys: `jku` of its tokens. */
export const jwksUri = (attestUri: string): string => `${attestUri}/certs`;
