import type { ActivePolicy } from '@touchstone/appraisal';
import type { EvidenceType } from './evidence';
import type { Provider } from './providers';

/** Which policy is in force. */
export interface PolicySource {
  active(provider: Provider, type: EvidenceType): Promise<ActivePolicy>;
}
