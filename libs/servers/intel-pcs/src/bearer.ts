import type { NextFunction, Request, Response } from 'express';
import { equal, fromUtf8, sha256 } from '@touchstone/bytes';
import { headerValue } from '@touchstone/http';
import { PcsRequestError } from './request-error';

/** Lets a request pass that carries this bearer token; PCS_UNAUTHORIZED otherwise. */
export function requireBearer(token: string) {
  const expected = sha256(fromUtf8(token));
  return (request: Request, _response: Response, next: NextFunction): void => {
    const [, given = ''] = /^Bearer (.+)$/i.exec(headerValue(request, 'authorization') ?? '') ?? [];
    // Digests are of one length, so the time taken tells nothing of the token.
    if (equal(sha256(fromUtf8(given)), expected)) return next();
    next(new PcsRequestError('PCS_UNAUTHORIZED', 'the bearer token is missing or wrong'));
  };
}
