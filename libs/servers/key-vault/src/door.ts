import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { headerValue, queryValue } from '@touchstone/http';
import { RECOVERABLE_DAYS, VaultForbiddenError } from '@touchstone/service-key-vault';
import type { AccessControl, KeyAction, Principal } from '@touchstone/service-key-vault';
import { keyVault } from '@touchstone/wire';
import { openScope, scopeOf } from './request-scope';
import type { VaultDirectory } from './vault-directory';

/** Checks the `Authorization` header; throws EntraError with a BEARER_ code when it proves nothing. */
export interface BearerVerifier {
  verify(authorization: string | undefined, audiences: readonly string[]): Promise<Principal>;
}

export interface DoorOptions {
  readonly directory: VaultDirectory;
  readonly bearer: BearerVerifier;
  /** What bearer tokens may be made out to. */
  readonly audiences: readonly string[];
}

/**
 * Who comes in: the vault by host name, then the caller by token, then the API version. Clients send their first
 * request without token and body, whatever its verb, so nothing else is looked at before a token was seen.
 */
export function door({ directory, bearer, audiences }: DoorOptions): RequestHandler {
  return async (request: Request, _response: Response, next: NextFunction) => {
    const { vault, host } = directory.resolve(headerValue(request, 'host'));
    const principal = await bearer.verify(headerValue(request, 'authorization'), audiences);
    const apiVersion = keyVault.parseApiVersion(
      queryValue(request, keyVault.API_VERSION_PARAMETER),
    );
    const baseUrl = `${request.protocol}://${host}`;
    openScope(request, {
      vault,
      principal,
      apiVersion,
      view: { baseUrl, recoverableDays: RECOVERABLE_DAYS },
    });
    next();
  };
}

/** Lets a request on when a role of its caller permits the action. */
export function permit(access: AccessControl, action: KeyAction): RequestHandler {
  return (request: Request, response: Response, next: NextFunction) => {
    const { principal, vault } = scopeOf(request);
    const grant = access.find(principal, action);
    if (grant === undefined)
      throw new VaultForbiddenError(principal, action, objectOf(request), vault);
    response.set(keyVault.AnswerHeader.rbacAssignment, grant.assignmentId);
    next();
  };
}

/** `keys/{name}` of a path that names a key. */
const objectOf = ({ path }: Request): string => path.split('/').slice(1, 3).join('/').slice(0, 200);

/** Older clients leave an empty segment where a version would stand: `/keys/k1//release`. */
export const collapseSlashes: RequestHandler = (request, _response, next) => {
  const [path = '', ...query] = request.url.split('?');
  if (path.includes('//')) request.url = [path.replace(/\/{2,}/g, '/'), ...query].join('?');
  next();
};
