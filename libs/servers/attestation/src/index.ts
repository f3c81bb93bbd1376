export { attestationDialect } from './error-table';
export type { Challenge } from './error-table';
export { OPERATOR_PROVIDERS_PATH } from './provider-routes';
export { SERVICE_VERSION } from './service-headers';
export { createAttestationServer } from './server';
export type { AttestationServerOptions } from './server';
export { startAttestationService } from './start';
export type { AttestationServiceStart, BaselineName, RunningAttestationService } from './start';
