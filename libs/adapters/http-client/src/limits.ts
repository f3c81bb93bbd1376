export const DEFAULT_TIMEOUT_MS = 10_000;
export const DEFAULT_MAX_BODY_BYTES = 4 * 1024 * 1024;
export const CONNECT_TIMEOUT_MS = 3_000;
export const KEEP_ALIVE_MS = 30_000;
export const MAX_CONNECTIONS_PER_ORIGIN = 64;
