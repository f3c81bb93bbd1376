import type { AttestationType } from './attest-request';

export const attestPath = (type: AttestationType): string => `/attest/${type}`;
/** TPM and VBS. */
export const TPM_ATTEST_PATH = '/attest/Tpm';
export const CERTS_PATH = '/certs';
export const METADATA_PATH = '/.well-known/openid-configuration';

/** Since 2026-03-11-preview; answers 204. */
export const SERVICE_HEALTH_PATH = '/servicehealth';
/** GET and PUT; POST to `<path>:reset`. */
export const policyPath = (type: AttestationType): string => `/policies/${type}`;
/** Since 2022-09-01-preview. */
export const tcbBaselinesPath = (type: AttestationType): string => `/tcbbaselines/${type}`;
/** GET; POST to `<path>:add` and `<path>:remove`. */
export const CERTIFICATES_PATH = '/certificates';
export const Verb = { reset: ':reset', add: ':add', remove: ':remove' } as const;
