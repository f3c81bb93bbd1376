export { activatePolicy } from './active-policy';
export type { ActivePolicy } from './active-policy';
export { AppraisalError } from './appraisal-error';
export type { AppraisalErrorCode } from './appraisal-error';
export { appraise } from './appraise';
export type { Appraisal, AppraisalInput, AppraisalVerdict } from './appraise';
export { BASELINES } from './baseline';
export type { Baseline } from './baseline';
export type { CollateralRules } from './collateral-rules';
export { encodePolicyText, policyHash, policyTokenHash } from '@touchstone/policy-document';
export { previewClaims } from './preview-claims';
export type { PreviewClaimsInput } from './preview-claims';
export { incomingClaims, reportClaims } from './sgx-claims';
export {
  DEFAULT_TCB_IDENTIFIER,
  PUBLISHED_BASELINES,
  evaluationAsked,
  tcbIdentifier,
} from './tcb-identifier';
export type { PublishedBaseline } from './tcb-identifier';
