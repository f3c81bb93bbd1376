export { EvidenceError } from './evidence-error';
export type { EvidenceErrorCode } from './evidence-error';
export { requireIdentity } from './expected-identity';
export type { ExpectedIdentity } from './expected-identity';
export { verifyEvidence } from './verify-evidence';
export type { VerifiedEvidence, VerifyEvidenceOptions } from './verify-evidence';
export type { TcbStatus, TrustAnchor } from '@touchstone/verification';
