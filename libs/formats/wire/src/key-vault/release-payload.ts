import type { VaultKeyVersion } from '@touchstone/ports';
import { attributesMember, keyMember } from './answers';
import type { VaultView } from './answers';
import { keyPath } from './paths';

export interface ReleasePayloadInput {
  readonly view: VaultView;
  readonly apiVersion: string;
  readonly enc: string;
  readonly nonce?: string | undefined;
  readonly key: VaultKeyVersion;
  /** As the URL said it: absent when the newest version was asked for. */
  readonly requestedVersion?: string | undefined;
  /** The `key_hsm` document, base64url. */
  readonly keyHsm: string;
}

/** What the signed answer of a release says, members in the order of the live vault. */
export function releasePayload(input: ReleasePayloadInput): Readonly<Record<string, unknown>> {
  const { view, key, nonce } = input;
  return {
    request: {
      'api-version': input.apiVersion,
      enc: input.enc,
      kid: `${view.baseUrl}${keyPath(key.name, input.requestedVersion)}`,
      ...(nonce !== undefined && { nonce }),
    },
    response: {
      key: {
        key: { ...keyMember(view, key), key_hsm: input.keyHsm },
        attributes: attributesMember(view, key),
        release_policy: { data: key.releasePolicy?.data ?? '' },
      },
    },
  };
}
