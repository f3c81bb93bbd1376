import type { NextFunction, Request, Response } from 'express';
import { equal, fromUtf8, sha256 } from '@touchstone/bytes';
import type { DecisionStore } from '@touchstone/ports';

/** What whoever runs a service may read of it over the wire. */
export interface OperatorAccess {
  /** The bearer token that opens it. Without one the routes do not exist. */
  readonly token: string;
  readonly decisions: Pick<DecisionStore, 'find' | 'recent'>;
}

export const OPERATOR_DECISIONS_PATH = '/operator/decisions';
export const MAX_RECENT_DECISIONS = 100;

/**
 * `GET /operator/decisions/<request id>`: one decision record, 404 when it is not kept.
 * `GET /operator/decisions`: the newest ones, one JSON array. 401 without the operator's token.
 */
export function operatorRoutes({ token, decisions }: OperatorAccess) {
  const expected = sha256(fromUtf8(`Bearer ${token}`));
  return (request: Request, response: Response, next: NextFunction): void => {
    if (request.method !== 'GET' || !request.path.startsWith(OPERATOR_DECISIONS_PATH))
      return next();
    // Digests are compared, so that the time says nothing about the token, its length included.
    if (!equal(sha256(fromUtf8(request.headers.authorization ?? '')), expected)) {
      response.status(401).set('www-authenticate', 'Bearer realm="operator"').end();
      return;
    }
    const [, requestId] = request.path.slice(OPERATOR_DECISIONS_PATH.length).split('/');
    answer(decisions, requestId ?? '', response).catch(next);
  };
}

async function answer(
  decisions: OperatorAccess['decisions'],
  requestId: string,
  response: Response,
): Promise<void> {
  response.type('json');
  if (requestId === '') {
    const records = await decisions.recent(MAX_RECENT_DECISIONS);
    response.send(`[${records.map(({ record }) => record).join(',')}]`);
    return;
  }
  const found = await decisions.find(requestId);
  if (found === undefined) response.status(404).end();
  else response.send(found.record);
}
