export { ALLOWED_GLOBALS, ALLOWED_MODULES } from './allowlist';
export { startEnclaveWorker } from './enclave-worker';
export type {
  EcallOptions,
  EnclaveInstructions,
  EnclaveWorkerOptions,
  Ocalls,
  RunningEnclave,
} from './enclave-worker';
export { EnclaveWorkerError } from './enclave-worker-error';
export type { EnclaveWorkerErrorCode } from './enclave-worker-error';
export { MAX_MESSAGE_BYTES } from './protocol';
