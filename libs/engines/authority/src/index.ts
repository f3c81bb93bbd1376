export { createAuthority } from './authority';
export type {
  Authority,
  AuthorityOptions,
  Evaluation,
  IssuedPckCertificate,
  ManufacturedProcessor,
} from './authority';
export { AuthorityError } from './authority-error';
export type { AuthorityErrorCode } from './authority-error';
export type { AuthorityCertificates, IssuedCertificate } from './certificates';
export type { ArchitecturalEnclave, EnclaveToSign } from './enclave-signing';
export { FAULTS, isFault } from './faults';
export type { Fault } from './faults';
export { newAuthorityKeys } from './keys';
export type { AuthorityKeys, AuthorityRsaKeys } from './keys';
export { pckCrlUrl, ROOT_CRL_URL } from './names';
export { ENCRYPTED_PPID_BYTES, PPID_BYTES } from './ppid';
export type { PpidDecryptor } from './ppid';
export {
  MODEL_CLIENT,
  MODEL_E3,
  MODEL_E5,
  modelNamed,
  modelOfFmspc,
  PROCESSOR_MODELS,
} from './processor-model';
export type { PckCa, ProcessorModel } from './processor-model';
export type { TcbRecovery, TcbUpdate } from './recovery';
export {
  decodeState,
  encodeState,
  INITIAL_STATE,
  withFaults,
  withoutRecoveries,
  withPlatformReinstated,
  withPlatformRevoked,
  withRecoveriesEnforced,
  withRecovery,
} from './state';
export type { AuthorityState, RecoveryAnnouncement, RevokedPlatform } from './state';
export { cpuSvnOf, reaches, tcbmOf } from './svn';
export type { Tcb } from './svn';
export type { TcbInfoVersion } from './tcb-info';
