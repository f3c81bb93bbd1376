import type { Request, RequestHandler } from 'express';
import { queryValue } from '@touchstone/http';
import { attestation } from '@touchstone/wire';

const { API_VERSIONS, API_VERSION_PARAMETER, PREVIEW_API_VERSION } = attestation;

const named = (request: Request): string | undefined => queryValue(request, API_VERSION_PARAMETER);

/** The version that a request of today's dialect names. */
export const apiVersion = (request: Request): attestation.ApiVersion =>
  attestation.parseApiVersion(named(request), API_VERSIONS);

export const isPreview = (request: Request): boolean => named(request) === PREVIEW_API_VERSION;

/** Lets a request on that names one of the versions which have the operation. */
export const requireVersion =
  (versions: readonly string[]): RequestHandler =>
  (request, _response, next) => {
    attestation.parseApiVersion(named(request), versions);
    next();
  };

export const requireApiVersion = requireVersion(API_VERSIONS);
