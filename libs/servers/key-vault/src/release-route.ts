import type { Request, RequestHandler, Response } from 'express';
import { encodeDecisionRecord } from '@touchstone/decision';
import type { DecisionRecord } from '@touchstone/decision';
import { handler, jsonBody, pathValue, requestIdOf } from '@touchstone/http';
import type { DecisionStore, Logger } from '@touchstone/ports';
import type { Metrics } from '@touchstone/runtime';
import type { KeyVault, ReleaseOutcome } from '@touchstone/service-key-vault';
import { keyVault } from '@touchstone/wire';
import { wireFormOf } from './dialect';
import { scopeOf } from './request-scope';

export const SERVICE_NAME = 'key-vault';

export interface ReleaseRouteOptions {
  readonly decisions: Pick<DecisionStore, 'keep'>;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

const readBody = jsonBody(keyVault.MAX_RELEASE_BODY_BYTES);

/** `POST /keys/{name}[/{version}]/release`: every call, granted or refused, leaves a decision record. */
export function releaseRoute(service: KeyVault, options: ReleaseRouteOptions): RequestHandler {
  return handler(async (request, response) => {
    const { principal, ...scope } = scopeOf(request);
    const name = keyVault.parseKeyName(pathValue(request, 'name'));
    const version = pathValue(request, 'version');
    const outcome = await service.release({
      scope,
      principal,
      name,
      ...(version !== '' && { version: keyVault.parseKeyVersion(version) }),
      request: async () => keyVault.decodeReleaseKey(await bodyOf(request, response)),
    });
    await record(outcome, requestIdOf(response), options);
    if (!outcome.granted) throw outcome.error;
    response.json(keyVault.releaseAnswer(outcome.jws));
  });
}

function bodyOf(request: Request, response: Response): Promise<unknown> {
  return new Promise((resolve, reject) => {
    readBody(request, response, (error?: unknown) => {
      if (error === undefined) resolve(request.body);
      else reject(error);
    });
  });
}

/** The record is kept before the answer goes out: a key that leaves without one would break the promise. */
async function record(
  outcome: ReleaseOutcome,
  requestId: string,
  options: ReleaseRouteOptions,
): Promise<void> {
  const decision = recordOf(outcome, requestId);
  const { at } = outcome.trail;
  options.metrics.decision({
    kind: decision.kind,
    outcome: decision.outcome,
    ...(decision.code !== undefined && { code: decision.code }),
  });
  options.logger.info('release decided', {
    requestId,
    vault: decision.subject['vault'],
    keyName: decision.subject['key'],
    outcome: decision.outcome,
    status: decision.status,
    decisive: decision.decisive,
  });
  await options.decisions.keep({
    requestId,
    service: SERVICE_NAME,
    at,
    record: encodeDecisionRecord(decision),
  });
}

function recordOf(outcome: ReleaseOutcome, requestId: string): DecisionRecord {
  const { trail } = outcome;
  const refusal = outcome.granted ? undefined : wireFormOf(outcome.error);
  return {
    requestId,
    kind: 'release',
    service: SERVICE_NAME,
    at: trail.at.toISOString(),
    outcome: outcome.granted ? 'granted' : 'refused',
    status: refusal?.status ?? 200,
    ...(refusal && { code: refusal.code }),
    ...(trail.decisive !== undefined && { decisive: trail.decisive }),
    ...(trail.anchor !== undefined && { anchor: trail.anchor }),
    subject: trail.subject,
    facts: trail.facts,
    checks: trail.checks,
  };
}
