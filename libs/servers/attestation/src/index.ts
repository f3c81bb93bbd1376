export { attestationDialect } from './error-table';
export type { Challenge } from './error-table';
export { DEFAULT_ANNOUNCE_SECONDS, OPERATOR_KEYS_PATH, OPERATOR_ROTATE_PATH } from './key-routes';
export { OPERATOR_PROVIDERS_PATH } from './provider-routes';
export { SERVICE_VERSION } from './service-headers';
export { createAttestationServer } from './server';
export type { AttestationServerOptions } from './server';
export { startAttestationService } from './start';
export type { AttestationServiceStart, BaselineName, RunningAttestationService } from './start';
