export { createEnclaveHostClient } from './client';
export type { ClientCallOptions, EnclaveHostClient, EnclaveHostClientOptions } from './client';
export { CallAbort } from './calls';
export type { AroundCall, CallContext } from './calls';
export { MAX_MESSAGE_BYTES, SERVICE_NAME } from './definition';
export { checkHealth } from './health';
export type { HealthQuery, HealthStatus } from './health';
export type * from './messages';
export { RpcCallError, RpcError } from './rpc-error';
export type { Refusal, RpcErrorCode } from './rpc-error';
export { createEnclaveHostServer, MAX_CONCURRENT_STREAMS } from './server';
export type { EnclaveHostHandlers, EnclaveHostServer, EnclaveHostServerOptions } from './server';
export type { ListenOptions } from './listening';
export type { StatusName, StatusTable } from './status';
export { createSecretSharingClient, ENCLAVE_ID_METADATA } from './secret-sharing/client';
export type {
  Command,
  SecretSharingClient,
  SecretSharingClientOptions,
} from './secret-sharing/client';
export { SECRET_SHARING_NAME, SECRET_SHARING_VARIANTS } from './secret-sharing/contract';
export type { SecretSharingVariant } from './secret-sharing/contract';
export type {
  SecretSharingHandlers,
  SecretSharingService,
  SharingReply,
  SharingRequest,
} from './secret-sharing/handlers';
