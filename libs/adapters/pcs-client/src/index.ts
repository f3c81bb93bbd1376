export type { AskOptions, RetryOptions } from './ask';
export type { Tee } from './checked';
export { issuerChain } from './issuer-chain';
export type { IssuerChain } from './issuer-chain';
export {
  DEFAULT_RETRIES,
  DEFAULT_RETRY_DELAY_MS,
  MAX_CERTIFICATE_BYTES,
  MAX_CHAIN,
  MAX_CHAIN_CHARACTERS,
  MAX_CRL_BYTES,
  MAX_JSON_BYTES,
  MAX_PCK_CERTIFICATES,
  MAX_PCK_LIST_BYTES,
  MAX_RETRY_AFTER_MS,
} from './limits';
export { createPccsClient } from './pccs-client';
export type {
  PccsClient,
  PccsClientOptions,
  PlatformQuery,
  ServedPckCertificate,
} from './pccs-client';
export { NOT_AVAILABLE, parsePckList } from './pck-list';
export type { PckListEntry } from './pck-list';
export { createPcsClient, INTEL_PCS_URL, INTEL_ROOT_CRL_URL } from './pcs-client';
export type {
  PckCa,
  PckCertificates,
  PcsClient,
  PcsClientOptions,
  PcsDocument,
  PcsVersion,
  TcbUpdate,
} from './pcs-client';
export { PcsError } from './pcs-error';
export type { PcsErrorCode } from './pcs-error';
