import type { Request, RequestHandler } from 'express';
import { queryValue } from '@touchstone/http';
import { attestation } from '@touchstone/wire';

export const apiVersion = (request: Request): attestation.ApiVersion =>
  attestation.parseApiVersion(queryValue(request, attestation.API_VERSION_PARAMETER));

export const requireApiVersion: RequestHandler = (request, _response, next) => {
  apiVersion(request);
  next();
};
