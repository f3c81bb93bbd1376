import { hasCode } from '@touchstone/errors';
import type { Clock } from '@touchstone/ports';
import { verifyToken, type Jwk, type TokenErrorCode, type VerifiedToken } from '@touchstone/token';
import { EntraError, type EntraErrorCode } from './entra-error';
import type { HttpPort } from './http-port';
import { createKeySet } from './key-set';

/** Who calls, as a token of the tenant proves it. */
export interface Principal {
  /** Object id of the service principal: what role assignments name. */
  readonly oid: string;
  /** Application (client) id. */
  readonly appid: string;
  readonly tid: string;
  /** The audience as the token has it. */
  readonly audience: string;
  readonly roles: readonly string[];
}

export interface BearerVerifier {
  /**
   * The caller behind an `Authorization` header. One of `audiences` must be the token's, a single trailing slash of
   * either aside. Throws EntraError with a BEARER_ code.
   */
  verify(authorization: string | undefined, audiences: readonly string[]): Promise<Principal>;
}

export interface BearerVerifierOptions {
  readonly authority: string;
  readonly tenant: string;
  /** Issuers taken beside the tenant's own two: `https://sts.windows.net/<tenant>/` and `<authority>/<tenant>/v2.0`. */
  readonly issuers?: readonly string[];
  readonly http: HttpPort;
  readonly clock: Clock;
}

/** The slack that Microsoft's own libraries give to `nbf` and `exp`. */
export const CLOCK_TOLERANCE_SECONDS = 300;
export const MAX_BEARER_CHARACTERS = 16 * 1024;

/** Keys come from the configured authority only, never from an address that a token names. */
export function createBearerVerifier(options: BearerVerifierOptions): BearerVerifier {
  const { authority, tenant, http, clock } = options;
  const issuers = [
    `https://sts.windows.net/${tenant}/`,
    `${authority}/${tenant}/v2.0`,
    ...(options.issuers ?? []),
  ];
  const keySet = createKeySet({ url: `${authority}/${tenant}/discovery/v2.0/keys`, http, clock });

  const verifyWith = (token: string, keys: readonly Jwk[], audiences: readonly string[]) =>
    verifyToken(token, keys, {
      algorithms: ['RS256'],
      at: clock.now(),
      issuer: issuers,
      audience: withAndWithoutSlash(audiences),
      clockToleranceSeconds: CLOCK_TOLERANCE_SECONDS,
    });

  return {
    verify: async (authorization, audiences) => {
      const token = tokenOf(authorization);
      try {
        const verified = await verifyWith(token, await keySet.keys(), audiences).catch(
          async (error: unknown) => {
            if (!hasCode<TokenErrorCode>(error, 'TOKEN_UNKNOWN_KEY')) throw error;
            const renewed = await keySet.renewed();
            if (renewed === undefined) throw error;
            return verifyWith(token, renewed, audiences);
          },
        );
        return principalOf(verified, tenant);
      } catch (error) {
        throw asBearerError(error);
      }
    },
  };
}

const BEARER = /^bearer +([\w-]+\.[\w-]+\.[\w-]+) *$/i;

function tokenOf(authorization: string | undefined): string {
  if (authorization === undefined || authorization === '') {
    throw new EntraError('BEARER_MISSING', 'the request carries no bearer token', {
      field: 'Authorization',
    });
  }
  const token =
    authorization.length <= MAX_BEARER_CHARACTERS ? BEARER.exec(authorization)?.[1] : undefined;
  if (token !== undefined) return token;
  throw new EntraError('BEARER_MALFORMED', 'the Authorization header holds no bearer token', {
    field: 'Authorization',
  });
}

const withAndWithoutSlash = (audiences: readonly string[]): string[] =>
  audiences.map((audience) => audience.replace(/\/$/, '')).flatMap((bare) => [bare, `${bare}/`]);

function principalOf({ claims }: VerifiedToken, tenant: string): Principal {
  const { oid, tid, aud, roles } = claims;
  const appid = claims['ver'] === '2.0' ? claims['azp'] : claims['appid'];
  if (typeof oid !== 'string' || typeof appid !== 'string' || typeof aud !== 'string') {
    throw invalid('the token names no service principal', 'oid');
  }
  if (tid !== tenant) throw invalid('the token is of another tenant', 'tid');
  const named = Array.isArray(roles) ? roles.filter((role) => typeof role === 'string') : [];
  return { oid, appid, tid, audience: aud, roles: named };
}

const BEARER_CODES: Readonly<Record<TokenErrorCode, EntraErrorCode>> = {
  TOKEN_MALFORMED: 'BEARER_MALFORMED',
  TOKEN_ALGORITHM: 'BEARER_INVALID',
  TOKEN_UNKNOWN_KEY: 'BEARER_INVALID',
  TOKEN_KEY_INVALID: 'BEARER_INVALID',
  TOKEN_SIGNATURE: 'BEARER_INVALID',
  TOKEN_EXPIRED: 'BEARER_EXPIRED',
  TOKEN_NOT_YET_VALID: 'BEARER_EXPIRED',
  TOKEN_ISSUER: 'BEARER_ISSUER',
  TOKEN_AUDIENCE: 'BEARER_AUDIENCE',
};

/** Codes of their own, because a service may judge other tokens too and answer for those differently. */
function asBearerError(error: unknown): unknown {
  if (error instanceof EntraError || !hasCode(error)) return error;
  const codes: Readonly<Record<string, EntraErrorCode>> = BEARER_CODES;
  const code = codes[error.code];
  if (code === undefined) return error;
  const { message, field } = error;
  return new EntraError(code, message, { cause: error, ...(field !== undefined && { field }) });
}

const invalid = (message: string, field: string): EntraError =>
  new EntraError('BEARER_INVALID', message, { field });
