export { KEK_BYTES, loadKek } from './kek';
export type { KekSource } from './kek';
export { CA_DAYS, LEAF_DAYS, RENEW_BEFORE_DAYS } from './lifetimes';
export { openLocalCa } from './local-ca';
export type { LocalCa, ServiceTls } from './local-ca';
export type { ServiceNames } from './service-certificate';
export { TlsError } from './tls-error';
export type { TlsErrorCode } from './tls-error';
