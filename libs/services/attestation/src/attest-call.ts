import type { HeldData } from '@touchstone/claims';
import type { EvidenceType } from './evidence';
import type { Provider } from './providers';

/** One attest operation. */
export interface AttestCall {
  readonly provider: Provider;
  /** The provider's name as the caller knows it. */
  readonly issuer: string;
  readonly type: EvidenceType;
  /** As sent, decoded. */
  readonly evidence: Uint8Array;
  readonly runtimeData?: HeldData;
  readonly initTimeData?: HeldData;
  /** Replaces the provider's policy for this call; the token is then unsecured. */
  readonly draftPolicy?: string;
  readonly nonce?: string;
  /** The form of the token. Default: today's. */
  readonly dialect?: 'preview';
}
