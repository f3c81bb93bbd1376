export { ALLOWED_GLOBALS, ALLOWED_MODULES } from './allowlist';
export { startEnclaveWorker } from './enclave-worker';
export type { EcallOptions, EnclaveWorkerOptions, Ocalls, RunningEnclave } from './enclave-worker';
export { EnclaveWorkerError } from './enclave-worker-error';
export type { EnclaveWorkerErrorCode } from './enclave-worker-error';
export type { EnclaveInstructions } from './instruction-port';
export { MAX_MESSAGE_BYTES } from './protocol';
