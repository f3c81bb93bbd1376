import { fromUtf8, toHex } from '@touchstone/bytes';
import type { Clock, Random } from '@touchstone/ports';
import { compactJws, jwksUri, jwtHeader, signingInput, unsecuredJwt } from '@touchstone/token';
import { TOKEN_LIFETIME_SECONDS } from './key-line';
import type { ProviderKeys } from './signing-keys';

const TOKEN_ID_BYTES = 32;

export interface TokenOrder {
  readonly claims: Readonly<Record<string, unknown>>;
  readonly issuer: string;
  readonly region: string;
  readonly at: Date;
  /** Under a draft policy: the token must never pass for a real one. */
  readonly unsecured: boolean;
  /** Tokens of the preview have no `jti`. */
  readonly anonymous: boolean;
}

/** What a provider says of itself: policies, certificates, and what was done with them. */
export interface ResultOrder {
  readonly claims: Readonly<Record<string, unknown>>;
  readonly issuer: string;
  readonly region: string;
}

export const RESULT_LIFETIME_SECONDS = 3600;

export type ResultIssuer = (order: ResultOrder) => Promise<string>;

/** Tokens of policy and certificate operations: an hour long, without `jti`. */
export function createResultIssuer(keys: ProviderKeys, clock: Clock): ResultIssuer {
  return async ({ claims, issuer, region }) => {
    const iat = Math.floor(clock.now().getTime() / 1000);
    const payload = {
      ...claims,
      iss: issuer,
      iat,
      nbf: iat,
      exp: iat + RESULT_LIFETIME_SECONDS,
    };
    return signed(payload, keys, { issuer, region });
  };
}

function signed(
  payload: object,
  keys: Pick<ProviderKeys, 'withSigner'>,
  { issuer, region }: Pick<TokenOrder, 'issuer' | 'region'>,
): Promise<string> {
  return keys.withSigner(region, issuer, async (signer) => {
    const input = signingInput(jwtHeader(signer, { jku: jwksUri(issuer) }), payload);
    return compactJws(input, await signer.sign(fromUtf8(input)));
  });
}

/** Puts claims into a token of a provider. */
export type TokenIssuer = (order: TokenOrder) => Promise<string>;

export function createTokenIssuer(keys: ProviderKeys, random: Random): TokenIssuer {
  return async ({ claims, issuer, region, at, unsecured, anonymous }) => {
    const iat = Math.floor(at.getTime() / 1000);
    const payload = {
      ...claims,
      iss: issuer,
      iat,
      nbf: iat,
      exp: iat + TOKEN_LIFETIME_SECONDS,
      ...(!anonymous && { jti: toHex(random.bytes(TOKEN_ID_BYTES)) }),
    };
    if (unsecured) return unsecuredJwt(payload);
    return signed(payload, keys, { issuer, region });
  };
}
