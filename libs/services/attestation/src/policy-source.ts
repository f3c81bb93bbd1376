import type { ActivePolicy } from '@touchstone/appraisal';
import type { EvidenceType } from './evidence';
import type { Provider } from './providers';

/** A policy with the hash of the document that it stands in. */
export interface StoredPolicy extends ActivePolicy {
  /** `x-ms-policy-token-hash`: base64url. */
  readonly tokenHash: string;
}

/** Which policy is in force. */
export interface PolicySource {
  active(provider: Provider, type: EvidenceType): Promise<StoredPolicy>;
}
