import { activatePolicy, type ActivePolicy } from '@touchstone/appraisal';
import { DEFAULT_SGX_POLICY } from '@touchstone/policy';
import type { EvidenceType } from './evidence';
import type { Provider } from './providers';

/** Which policy is in force. */
export interface PolicySource {
  active(provider: Provider, type: EvidenceType): Promise<ActivePolicy>;
}

/** Every provider under the default policy, which is read once. */
export function createDefaultPolicies(): PolicySource {
  const policy = Promise.resolve(activatePolicy(DEFAULT_SGX_POLICY));
  return { active: () => policy };
}
