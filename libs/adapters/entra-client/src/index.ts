export {
  CLOCK_TOLERANCE_SECONDS,
  createBearerVerifier,
  MAX_BEARER_CHARACTERS,
} from './bearer-verifier';
export type { BearerVerifier, BearerVerifierOptions, Principal } from './bearer-verifier';
export { createEntraClient, RENEW_BEFORE_SECONDS } from './entra-client';
export type { EntraClient, EntraClientOptions } from './entra-client';
export { EntraError } from './entra-error';
export type { EntraErrorCode } from './entra-error';
export type { HttpPort } from './http-port';
export { KEYS_FRESH_MS, KEYS_MIN_INTERVAL_MS } from './key-set';
