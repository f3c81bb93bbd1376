export { PlatformError } from './platform-error';
export type { PlatformErrorCode } from './platform-error';
export type { EnclaveAttributes } from './attributes';
export { PCE_ID, PCE_IDENTITY, QE_IDENTITY } from './architectural-identity';
export type { ArchitecturalIdentity } from './architectural-identity';
export {
  ARCHITECTURAL_ATTRIBUTE_MASK,
  ARCHITECTURAL_MISC_MASK,
  pceIdentity,
  pckScalar,
  pckScalarFromKey,
  ppidFromKey,
  ppidOf,
  provisioningKey,
} from './provisioning';
export type { ProvisioningIdentity, ProvisioningSvns } from './provisioning';
export { architecturalBlock, p256ScalarFrom } from './scalar';
export { generateRsaKey, SIGSTRUCT_KEY_BITS } from './rsa-key';
export { MAX_ENCLAVE_PAGES, PAGE_BYTES, PAGE_KIND, SECINFO } from './pages';
export type { EnclaveLayout, EnclavePage } from './pages';
export { measureEnclave } from './measurement';
export {
  encodeSigstruct,
  parseSigstruct,
  sigstructDate,
  SIGSTRUCT_SIZE,
  VENDOR_INTEL,
} from './sigstruct';
export type { SigstructContent, UnverifiedSigstruct } from './sigstruct';
export { buildSigstruct, mrSignerOf, mrSignerOfKey, verifySigstruct } from './sigstruct-signature';
export { EINITTOKEN_SIZE, einitTokenMac, encodeEinitToken, parseEinitToken } from './einit-token';
export type { EinitToken } from './einit-token';
export type { LaunchControl } from './launch-control';
export type { EnclaveIdentity, SecsRequest } from './secs';
export { createProcessor } from './processor';
export type {
  EnclaveInstructions,
  EnclaveMemory,
  ExecutionUnit,
  LoadedEnclave,
  LoadRequest,
  Processor,
  ProcessorOptions,
} from './processor';
