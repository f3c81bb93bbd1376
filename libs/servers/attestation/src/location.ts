import type { NextFunction, Request, Response } from 'express';
import type { Location, ProviderDirectory } from '@touchstone/service-attestation';

const locations = new WeakMap<Response, Location>();

/** Finds the provider that a request is for and leaves the path within it to the routes. */
export function locate(directory: ProviderDirectory) {
  return async (request: Request, response: Response, next: NextFunction): Promise<void> => {
    const { url } = request;
    const query = url.indexOf('?');
    const location = await directory.locate({
      authority: request.headers.host,
      path: request.path,
    });
    request.url = location.path + (query < 0 ? '' : url.slice(query));
    locations.set(response, location);
    next();
  };
}

export function locationOf(response: Response): Location {
  const location = locations.get(response);
  if (!location) throw new TypeError('the request was not located');
  return location;
}
