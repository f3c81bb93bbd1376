export { EnclaveError } from './enclave-error';
export type { EnclaveErrorCode } from './enclave-error';
export {
  MAX_HEAP_PAGES,
  MAX_MANIFEST_CHARACTERS,
  MAX_THREADS,
  manifestToJson,
  parseManifest,
} from './image/manifest';
export type { EnclaveManifest, ManifestAttribute } from './image/manifest';
export { MAX_CODE_BYTES, codeOf, createImage } from './image/image';
export type { EnclaveImage } from './image/image';
export { signEnclave } from './image/sign-enclave';
export { loadEnclave } from './image/load-enclave';
export type { LoadOptions } from './image/load-enclave';
export { signedEnclaveFromJson, signedEnclaveToJson } from './image/signed-enclave';
export type { SignedEnclave, SignedEnclaveJson } from './image/signed-enclave';
export {
  architecturalSigner,
  publishArchitecturalEnclaves,
  publishLaunchEnclave,
} from './architectural/publish';
export type {
  ArchitecturalEnclaves,
  ArchitecturalSigner,
  LaunchEnclaveRequest,
  PublishRequest,
} from './architectural/publish';
export type { ListedSigner } from './architectural/bundle';
export type { PlatformSvn } from './architectural/provisioning-certification-enclave';
export type { QuoteAnswer, QuoteRequest } from './architectural/quoting-enclave';
export type { PckRequest, QuoteCertification, QuotingService } from './quoting-service';
export { createMachine } from './machine';
export type { ApplicationStart, Machine, MachineOptions } from './machine';
