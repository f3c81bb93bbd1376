import type { Clock } from '@touchstone/ports';
import { TokenError, verifyToken, type Jwks, type VerifiedToken } from '@touchstone/token';
import { AttestationError } from './attestation-error';
import type { Location, Provider } from './providers';

export interface OwnTokensDeps {
  /** The keys that tokens of a provider verify under. */
  readonly keySet: (provider: Provider, issuer: string) => Promise<Jwks>;
  readonly clock: Clock;
}

/** A token that comes back to the provider that issued it; undefined for one that is over. */
export type OwnTokens = (location: Location, jwt: string) => Promise<VerifiedToken | undefined>;

/**
 * Recognises tokens of a provider, under the name by which it was called and under its own. The keys of a region are those
 * of all its providers: the name is what tells them apart.
 *
 * @throws AttestationError ATTESTATION_TOKEN_FOREIGN
 */
export function createOwnTokens({ keySet, clock }: OwnTokensDeps): OwnTokens {
  return async ({ provider, issuer }, jwt) => {
    try {
      const { keys } = await keySet(provider, issuer);
      return await verifyToken(jwt, keys, {
        algorithms: ['RS256'],
        issuer: [issuer, `https://${provider.host}`],
        at: clock.now(),
      });
    } catch (cause) {
      if (!(cause instanceof TokenError)) throw cause;
      if (cause.code === 'TOKEN_EXPIRED') return undefined;
      throw foreign(cause.field, cause);
    }
  };
}

/** When a verified token is over. */
export const expiryOf = ({ claims }: VerifiedToken): Date => new Date(Number(claims['exp']) * 1000);

const foreign = (field = 'token', cause?: unknown): AttestationError =>
  new AttestationError('ATTESTATION_TOKEN_FOREIGN', 'the token is none of this provider', {
    field,
    cause,
  });
