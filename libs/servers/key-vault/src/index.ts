export {
  AUTHORITY_TIMEOUT_MS,
  MAX_AUTHORITY_DOCUMENT_BYTES,
  httpAuthorityDocuments,
} from './authority-documents';
export type { Challenge } from './dialect';
export type { BearerVerifier } from './door';
export { SERVICE_NAME } from './release-route';
export { createKeyVaultServer } from './server';
export type { KeyVaultServerOptions } from './server';
export { VaultServerError } from './server-error';
export type { VaultServerErrorCode } from './server-error';
export {
  DEFAULT_AUDIENCES,
  DEFAULT_REGION,
  DEFAULT_VAULT_NAMES,
  DEVELOPMENT_PRINCIPAL,
  startKeyVault,
} from './start';
export type { KeyVaultStart, RunningKeyVault } from './start';
export { PLAIN_HOSTS, VAULT_NAME, createVaultDirectory } from './vault-directory';
export type { VaultDirectory, VaultDirectoryOptions } from './vault-directory';
