export { CLIENT_API_VERSION, MAX_VAULT_ANSWER_BYTES, createVaultClient } from './vault-client';
export type {
  HttpPort,
  ReleaseOptions,
  Released,
  VaultClient,
  VaultClientOptions,
} from './vault-client';
export { VaultClientError } from './vault-client-error';
export type { VaultClientErrorCode, VaultRefusal } from './vault-client-error';
