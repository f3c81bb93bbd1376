import type { Clock, RevokedTokenStore } from '@touchstone/ports';
import { MAX_REVOKED_TOKENS, parseCompactJws, revocationDigest } from '@touchstone/token';
import { AttestationError } from './attestation-error';
import { expiryOf, type OwnTokens } from './own-token';
import type { Location, Provider } from './providers';

/** What stays free in a list for replicas that add to it at the same moment. */
const RESERVE = 96;

/** Tokens that a provider takes back before they are over. */
export interface Revocations {
  /**
   * Keeps that a token of the provider counts no longer. One that is over already counts for nothing anyway.
   *
   * @throws AttestationError ATTESTATION_TOKEN_FOREIGN, ATTESTATION_REVOCATIONS_FULL
   */
  revoke(location: Location, jwt: string): Promise<void>;
  /** Digests of all that were taken back and are not over. */
  list(provider: Provider): Promise<readonly string[]>;
}

export interface RevocationsDeps {
  readonly store: RevokedTokenStore;
  readonly ownToken: OwnTokens;
  readonly clock: Clock;
}

export function createRevocations({ store, ownToken, clock }: RevocationsDeps): Revocations {
  return {
    async revoke(location, jwt) {
      const token = await ownToken(location, jwt);
      if (!token) return;
      const revoked = {
        provider: location.provider.name,
        digest: revocationDigest(parseCompactJws(jwt)),
        expiresAt: expiryOf(token),
      };
      const kept = await store.add(revoked, MAX_REVOKED_TOKENS - RESERVE, clock.now());
      if (kept === 'kept') return;
      throw new AttestationError(
        'ATTESTATION_REVOCATIONS_FULL',
        'The provider has revoked as many tokens as it can.',
      );
    },
    list: ({ name }) => store.list(name, clock.now()),
  };
}
