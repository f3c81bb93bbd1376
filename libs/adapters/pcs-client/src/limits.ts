/** Bytes of one answer, at most, by what it is. */
export const MAX_JSON_BYTES = 1024 * 1024;
export const MAX_CRL_BYTES = 4 * 1024 * 1024;
export const MAX_PCK_LIST_BYTES = 2 * 1024 * 1024;
export const MAX_CERTIFICATE_BYTES = 64 * 1024;
/** Characters of an issuer chain in a header, percent-encoded. */
export const MAX_CHAIN_CHARACTERS = 16 * 1024;
/** Certificates of an issuer chain. */
export const MAX_CHAIN = 3;
/** Entries of a PCK certificate list. */
export const MAX_PCK_CERTIFICATES = 256;

/** Attempts beyond the first. */
export const DEFAULT_RETRIES = 2;
/** Before the second attempt; doubled for each further one. */
export const DEFAULT_RETRY_DELAY_MS = 250;
/** A longer Retry-After is not waited for: the caller is told at once. */
export const MAX_RETRY_AFTER_MS = 5_000;
