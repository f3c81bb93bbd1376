import type { Request } from 'express';
import type { Principal, VaultScope } from '@touchstone/service-key-vault';

/** What the first middlewares learned of a request. */
export interface RequestScope extends VaultScope {
  readonly principal: Principal;
}

const scopes = new WeakMap<Request, RequestScope>();

export function openScope(request: Request, scope: RequestScope): void {
  scopes.set(request, scope);
}

/** The scope of a request that passed the door. */
export function scopeOf(request: Request): RequestScope {
  const scope = scopes.get(request);
  if (scope === undefined) throw new TypeError('the request did not pass the door');
  return scope;
}
