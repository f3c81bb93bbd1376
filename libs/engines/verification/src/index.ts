export { verifyBinding } from './binding';
export type { Omittable, PartialCollateral } from './collateral-view';
export {
  verifyCrlDocument,
  verifyEnclaveIdentityDocument,
  verifyTcbInfoDocument,
} from './document-verifier';
export type { DocumentOptions, VerifiedDocument } from './document-verifier';
export { pinnedEvaluation } from './evaluation-pin';
export type { EvaluationPin, OfferedEvaluations } from './evaluation-pin';
export { verifyQuotePartly } from './partial-verifier';
export type { CollateralPart, PartialOptions, PartlyVerifiedQuote } from './partial-verifier';
export { DEFAULT_MEMO_ENTRIES, createQuoteVerifier, verifyQuote } from './quote-verifier';
export type { QuoteVerifier, QuoteVerifierOptions, VerifyOptions } from './quote-verifier';
export { isRollback } from './rollback';
export type { DocumentIssue } from './rollback';
export { componentStatus, converge } from './tcb-status';
export type { ComponentStatus, TcbStatus } from './tcb-status';
export type { LevelFacts } from './tcb-verdict';
export { INTEL_SGX_ROOT } from './trust-anchor';
export type { TrustAnchor } from './trust-anchor';
export type { DateFacts, DatedDocument } from './validity';
export { VerificationError } from './verification-error';
export type { VerificationErrorCode } from './verification-error';
export { allAdvisories } from './verified-quote';
export type { CollateralFacts, PckFacts, TcbFacts, VerifiedQuote } from './verified-quote';
