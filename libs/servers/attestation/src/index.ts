export { attestationDialect } from './error-table';
export { SERVICE_VERSION } from './routes';
export { createAttestationServer } from './server';
export type { AttestationServerOptions } from './server';
export { startAttestationService } from './start';
export type { AttestationServiceStart, BaselineName, RunningAttestationService } from './start';
