export { activatePolicy } from './active-policy';
export type { ActivePolicy } from './active-policy';
export { AppraisalError } from './appraisal-error';
export type { AppraisalErrorCode } from './appraisal-error';
export { appraise } from './appraise';
export type { Appraisal, AppraisalInput, AppraisalVerdict } from './appraise';
export { BASELINES } from './baseline';
export type { Baseline } from './baseline';
export { encodePolicyText, policyHash, policyTokenHash } from './policy-hash';
