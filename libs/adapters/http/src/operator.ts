import type { NextFunction, Request, Response } from 'express';
import { equal, fromUtf8, sha256 } from '@touchstone/bytes';
import type { DecisionStore } from '@touchstone/ports';

/** What whoever runs a service may read of it over the wire, and have it do. */
export interface OperatorAccess {
  /** The bearer token that opens it. Without one the routes do not exist. */
  readonly token: string;
  readonly decisions: Pick<DecisionStore, 'find' | 'recent'>;
  /** Called by `POST /operator/<name>`; what it resolves to is the JSON answer. */
  readonly actions?: Readonly<Record<string, () => Promise<object>>>;
}

const OPERATOR_PATH = '/operator/';
export const OPERATOR_DECISIONS_PATH = `${OPERATOR_PATH}decisions`;
export const MAX_RECENT_DECISIONS = 100;

/**
 * `GET /operator/decisions/<request id>`: one decision record, 404 when it is not kept.
 * `GET /operator/decisions`: the newest ones, one JSON array. `POST /operator/<name>`: one of the service's actions. 401
 * without the operator's token.
 */
export function operatorRoutes({ token, decisions, actions = {} }: OperatorAccess) {
  const expected = sha256(fromUtf8(`Bearer ${token}`));
  const chosen = (request: Request): ((response: Response) => Promise<void>) | undefined => {
    const { method, path } = request;
    if (method === 'GET' && path.startsWith(OPERATOR_DECISIONS_PATH)) {
      const [, requestId = ''] = path.slice(OPERATOR_DECISIONS_PATH.length).split('/');
      return (response) => answer(decisions, requestId, response);
    }
    const name = path.slice(OPERATOR_PATH.length);
    const action =
      method === 'POST' && path.startsWith(OPERATOR_PATH) && Object.hasOwn(actions, name)
        ? actions[name]
        : undefined;
    return action && (async (response) => void response.json(await action()));
  };
  return (request: Request, response: Response, next: NextFunction): void => {
    const run = chosen(request);
    if (run === undefined) return next();
    // Digests are compared, so that the time says nothing about the token, its length included.
    if (!equal(sha256(fromUtf8(request.headers.authorization ?? '')), expected)) {
      response.status(401).set('www-authenticate', 'Bearer realm="operator"').end();
      return;
    }
    run(response).catch(next);
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
