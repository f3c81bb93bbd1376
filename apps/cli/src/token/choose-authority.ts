import type { HttpClient } from '@touchstone/http-client';
import type { Endpoints } from '@touchstone/server-ecosystem';
import { TokenUnjudged, type TokenAuthority } from './judge-token';
import { fileAuthority, issuerAuthority } from './token-authority';

export interface AuthorityChoice {
  readonly issuer?: string;
  /** File of a key set. */
  readonly jwks?: string;
  /** Of the ecosystem that runs in the state folder, if one does. */
  readonly endpoints?: Endpoints;
}

/**
 * Who judges: whoever the command names. When it names nobody, a token of the ecosystem that runs here is judged by its
 * own provider; `jku` and all else that a token says of its judge is not looked at.
 */
export function chooseAuthority(
  { issuer, jwks, endpoints }: AuthorityChoice,
  http: HttpClient,
): (claims: Readonly<Record<string, unknown>>) => TokenAuthority {
  return ({ iss }) => {
    if (jwks !== undefined) return fileAuthority(jwks, issuer);
    if (issuer !== undefined) return issuerAuthority(issuer, http);
    const local = endpoints?.services['attestation-service'];
    if (local !== undefined && typeof iss === 'string' && iss.startsWith(`${local}/`))
      return issuerAuthority(iss, http);
    throw new TokenUnjudged(
      'TOKEN_AUTHORITY_UNNAMED',
      'name whose token this should be: --issuer URL, or --jwks FILE',
      { field: 'issuer' },
    );
  };
}

const AZURE_HOST = /\.attest\.azure\.net$/;

/** With a state folder named, Azure's names lead to the ecosystem that runs in it. */
export function azureNames({ issuer, endpoints }: AuthorityChoice): Record<string, string> {
  const local = endpoints?.services['attestation-service'];
  if (issuer === undefined || local === undefined || !URL.canParse(issuer)) return {};
  const { origin, hostname } = new URL(issuer);
  return AZURE_HOST.test(hostname) ? { [origin]: local } : {};
}
