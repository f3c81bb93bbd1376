export {
  AnswerHeader,
  RequestHeader,
  errorAnswer,
  errorAnswerSchema,
  tokenAnswer,
  tokenAnswerSchema,
} from './answers';
export type { ErrorAnswer, TokenAnswer } from './answers';
export {
  API_VERSIONS,
  API_VERSION_PARAMETER,
  PREVIEW_API_VERSION,
  PREVIEW_API_VERSIONS,
  SERVICE_HEALTH_VERSIONS,
  TCB_BASELINE_VERSIONS,
  parseApiVersion,
  supportsNonce,
} from './api-version';
export type { ApiVersion, PreviewApiVersion } from './api-version';
export {
  ATTESTATION_TYPES,
  EVIDENCE_MEMBER,
  MAX_ATTEST_BODY_BYTES,
  MAX_NONCE_CHARACTERS,
  decodeAttestRequest,
} from './attest-request';
export type { AttestRequest, AttestationType } from './attest-request';
export { tcbBaselinesAnswer } from './baselines';
export type { TcbBaseline } from './baselines';
export {
  CERTIFICATES_PATH,
  CERTS_PATH,
  METADATA_PATH,
  SERVICE_HEALTH_PATH,
  TPM_ATTEST_PATH,
  Verb,
  attestPath,
  policyPath,
  tcbBaselinesPath,
} from './paths';
export {
  PREVIEW_ATTEST_PATHS,
  PREVIEW_CERTIFICATES_PATH,
  PREVIEW_POLICY_PATH,
  PREVIEW_PREPARE_PATH,
  TEE_PARAMETER,
  decodePreviewAttestRequest,
  isPreviewPath,
  parseTee,
} from './preview';
export { MAX_REVOKE_BODY_BYTES, REVOKE_PATH, decodeRevocation } from './revocation';
export { CERTIFICATE_MEMBER, MAX_STATEMENT_BODY_BYTES, decodeStatement } from './statement-request';
export { AttestationWireError } from './wire-error';
export type { AttestationWireErrorCode } from './wire-error';
