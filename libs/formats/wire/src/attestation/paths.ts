import type { AttestationType } from './attest-request';

export const attestPath = (type: AttestationType): string => `/attest/${type}`;
export const CERTS_PATH = '/certs';
export const METADATA_PATH = '/.well-known/openid-configuration';
