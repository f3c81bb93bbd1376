import { CodedError } from '@touchstone/errors';
import type { HttpClient } from '@touchstone/http-client';
import { OPERATOR_KEYS_PATH, OPERATOR_ROTATE_PATH } from '@touchstone/server-attestation';
import { askOperator, type Endpoints } from '@touchstone/server-ecosystem';

/** `message` is the service's own. */
export class SigningKeysError extends CodedError<'KEYS_REFUSED'> {}

/** A signing key as the attestation service describes it. */
export interface SigningKeyView {
  readonly kid: string;
  readonly state: 'announced' | 'signing' | 'retired';
  readonly createdAt: string;
  readonly retiredAt?: string;
  /** When nobody needs it any more and it is published no longer. */
  readonly leavesAt?: string;
  /** Of a key that was born in one, hex. */
  readonly enclave?: { readonly mrEnclave: string; readonly mrSigner: string };
}

export type RegionKeysView =
  | { readonly region: string; readonly keys: readonly SigningKeyView[] }
  | {
      readonly region: string;
      readonly error: { readonly code: string; readonly message: string };
    };

/** The signing keys of a running attestation service, for its operator. `provider` names a region by one of its providers. */
export interface SigningKeys {
  list(provider?: string): Promise<readonly RegionKeysView[]>;
  rotate(provider?: string, announceSeconds?: number): Promise<readonly RegionKeysView[]>;
}

export function createSigningKeys(endpoints: Endpoints, http: HttpClient): SigningKeys {
  const refused = (message: string): SigningKeysError =>
    new SigningKeysError('KEYS_REFUSED', message);
  const named = (provider: string | undefined): string =>
    provider === undefined ? '' : `?provider=${encodeURIComponent(provider)}`;
  type Answer = { readonly regions: readonly RegionKeysView[] };
  return {
    async list(provider) {
      const path = `${OPERATOR_KEYS_PATH}${named(provider)}`;
      return (await askOperator<Answer>(endpoints, http, { method: 'GET', path }, refused)).regions;
    },
    async rotate(provider, announceSeconds) {
      const sent = {
        ...(provider !== undefined && { provider }),
        ...(announceSeconds !== undefined && { announceSeconds }),
      };
      const request = { method: 'POST', path: OPERATOR_ROTATE_PATH, sent } as const;
      return (await askOperator<Answer>(endpoints, http, request, refused)).regions;
    },
  };
}
