import type { Request, RequestHandler, Response } from 'express';
import { headerValue } from '@touchstone/http';
import type { AccessControl, Caller, OwnerAction } from '@touchstone/service-attestation';
import { locationOf } from './location';

/** What tokens are made out to; a slash more or less does not matter. */
export const AUDIENCES = ['https://attest.azure.net'];

/** Checks the `Authorization` header; throws EntraError with a BEARER_ code when it proves nothing. */
export interface BearerVerifier {
  verify(authorization: string | undefined, audiences: readonly string[]): Promise<Caller>;
}

/** Lets a request on when a role of its caller permits the action. */
export type Door = (action: OwnerAction) => RequestHandler;

const callers = new WeakMap<Response, Caller>();

export function createDoor(bearer: BearerVerifier, access: AccessControl): Door {
  return (action) => async (request: Request, response, next) => {
    const caller = await bearer.verify(headerValue(request, 'authorization'), AUDIENCES);
    const { provider } = locationOf(response);
    // Shared providers belong to nobody: whoever is known may read, and nobody's role lets him write.
    if (provider.record || action === 'write') access(caller, action);
    callers.set(response, caller);
    next();
  };
}

export function callerOf(response: Response): Caller {
  const caller = callers.get(response);
  if (!caller) throw new TypeError('the caller did not come through the door');
  return caller;
}
