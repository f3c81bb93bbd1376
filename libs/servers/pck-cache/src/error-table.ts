import type { ErrorDialect, ErrorTable } from '@touchstone/http';

const INVALID = { status: 400, message: 'Invalid request parameters.' };

/** Statuses and texts of Intel's PCCS. */
export const ERROR_TABLE: ErrorTable = {
  PCK_CACHE_INVALID_PARAMETER: INVALID,
  HTTP_URL_MALFORMED: INVALID,
  PCK_CACHE_UNAUTHORIZED: { status: 401, message: 'Authentication failed.' },
  PCK_CACHE_NO_DATA: { status: 404, message: 'No cache data for this platform.' },
  PCK_CACHE_INCONSISTENT: { status: 460, message: "The integrity of the data can't be verified." },
  PCK_CACHE_PLATFORM_UNKNOWN: { status: 461, message: 'The platform was not found in the cache.' },
  PCK_CACHE_CERTIFICATES_UNAVAILABLE: {
    status: 462,
    message: 'Certificates are not available for certain TCBs.',
  },
  PCK_CACHE_UPSTREAM_FAILED: {
    status: 502,
    message: 'Unable to retrieve the collateral from the Intel SGX PCS.',
  },
  PCK_CACHE_OFFLINE: {
    status: 503,
    message: 'Server is currently unable to process the request.',
  },
  HTTP_NOT_FOUND: { status: 404, message: 'Not found.' },
};

const UNEXPECTED = 'Internal server error occurred.';

/** Plain text, as the PCCS answers. */
export const DIALECT: ErrorDialect = {
  table: ERROR_TABLE,
  encode: ({ error, message }) => ({
    contentType: 'text/plain; charset=utf-8',
    body: error ? message : UNEXPECTED,
  }),
};
