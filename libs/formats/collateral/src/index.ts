export { collateralDigests } from './collateral';
export type { Collateral, CollateralDigests } from './collateral';
export { CollateralError } from './collateral-error';
export type { CollateralErrorCode } from './collateral-error';
export {
  ENCLAVE_IDENTITY_IDS,
  MAX_IDENTITY_LEVELS,
  parseEnclaveIdentity,
} from './enclave-identity';
export type {
  EnclaveIdentity,
  EnclaveIdentityContent,
  EnclaveIdentityId,
} from './enclave-identity';
export { encodeEnclaveIdentity, encodeTcbInfo } from './encode';
export type { ComponentLabel, TcbInfoDraft } from './encode';
export { encodePckExtension } from './encode-pck-extension';
export { MAX_DOCUMENT_CHARACTERS, MAX_JSON_DEPTH, MAX_JSON_VALUES } from './json-reader';
export { SGX_EXTENSION_OID, SGX_TYPES, parsePckExtension } from './pck-extension';
export type { PckConfiguration, PckExtension, PckTcb, SgxType } from './pck-extension';
export { SIGNATURE_BYTES, signedDocument } from './signed-document';
export type { SignedMember } from './signed-document';
export {
  MAX_TCB_LEVELS,
  MAX_TDX_MODULE_IDENTITIES,
  TCB_COMPONENTS,
  parseTcbInfo,
} from './tcb-info';
export type { TcbInfo, TcbInfoContent, TcbLevel, TdxModule, TdxModuleIdentity } from './tcb-info';
export { MAX_ADVISORIES, MAX_ADVISORY_CHARACTERS, TCB_STATUSES } from './tcb-status';
export type { IsvSvnLevel, LevelVerdict, TcbStatus } from './tcb-status';
