export { MAX_ANSWER_BYTES } from './answers';
export { createMaaClient } from './maa-client';
export type {
  AttestInput,
  AttestOutput,
  MaaClient,
  MaaClientOptions,
  ProviderJwk,
  ProviderMetadata,
} from './maa-client';
export { MaaClientError } from './maa-client-error';
export type { MaaClientErrorCode, MaaRefusal } from './maa-client-error';
