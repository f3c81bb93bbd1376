export { collectDataset, MAX_DATASET_BYTES } from './dataset-upload';
export {
  createEnclaveHost,
  MAX_CONCURRENT_RUNS,
  MAX_ECALL_MILLISECONDS,
  MAX_RUN_MILLISECONDS,
} from './enclave-host';
export type { EnclaveHostOptions } from './enclave-host';
export type {
  EnclaveHost,
  HostEvidence,
  LoadSource,
  PlatformDescription,
  TrainerStart,
} from './host';
export { EnclaveHostError } from './enclave-host-error';
export type { EnclaveHostErrorCode } from './enclave-host-error';
export { MAX_ENDED_ENCLAVES, MAX_RUNNING_ENCLAVES } from './enclave-registry';
export type { EnclaveDescription } from './enclave-registry';
export { MAX_LOG_CHARACTERS, MAX_LOG_ENTRIES } from './enclave-log';
export type { LogEntry, LogKind } from './enclave-log';
export type { EvidenceForm, EvidenceOrder } from './evidence-forms';
export type { Endpoints } from './endpoints';
export { signImages } from './images';
export type { ImageSource, SignedImage } from './images';
export { createPckCertificates } from './pck-certificates';
export type {
  PckCertificates,
  PckCertificatesOptions,
  PlatformCertificate,
} from './pck-certificates';
export type {
  Attester,
  CollateralSource,
  EnclaveLimits,
  EnclaveStarter,
  HostedEnclave,
  KeyReleaser,
  ManufacturedProcessor,
  Manufacturer,
  Ocalls,
  PckSource,
  PlatformName,
  RuntimeData,
  ServedPckCertificate,
  Storage,
} from './ports';
export { openProcessor } from './processor';
export type { OwnedProcessor, ProcessorOptions } from './processor';
export { createSecretSharing, SECRET_SHARING_IMAGE } from './secret-sharing';
export type { SecretSharing, SecretSharingOptions, SharedKeyKind } from './secret-sharing';
export type { TrainerEvent, TrainerProgress, TrainerResult, TrainerStage } from './trainer-run';
