export { decideRelease } from './decide-release';
export type { ReleaseDecision } from './decide-release';
export { MAX_RUNTIME_KEYS, findKeyEncryptionKey } from './key-encryption-key';
export type { KeyEncryptionKey } from './key-encryption-key';
export {
  MAX_RELEASE_POLICY_AUTHORITIES,
  MAX_RELEASE_POLICY_BYTES,
  MAX_RELEASE_POLICY_CONDITIONS,
  MAX_RELEASE_POLICY_DEPTH,
  encodeReleasePolicy,
  parseReleasePolicy,
  parseReleasePolicyText,
} from './parse-release-policy';
export { ReleaseError } from './release-error';
export type { ReleaseErrorCode } from './release-error';
export { OPERATORS, authoritiesFor, canonicalReleasePolicy } from './release-policy';
export type { AuthorityEntry, ClaimCondition, Condition, ConditionGroup } from './release-policy';
export type { Operator, ReleasePolicy, Scalar } from './release-policy';
