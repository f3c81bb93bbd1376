import type { Express, Request, RequestHandler, Response } from 'express';
import { encodeDecisionRecord } from '@touchstone/decision';
import { handler, requestIdOf, resource, textBody } from '@touchstone/http';
import type { Clock } from '@touchstone/ports';
import type { Metrics } from '@touchstone/runtime';
import {
  AttestationError,
  SERVICE_NAME,
  type DecisionRecorder,
  type EvidenceType,
  type Location,
  type ProviderOwner,
} from '@touchstone/service-attestation';
import { attestation } from '@touchstone/wire';
import { requireApiVersion } from './api-version';
import { callerOf, type Door } from './door';
import { wireOutcome } from './error-table';
import { locationOf } from './location';

export interface OwnerRouteDeps {
  readonly owner: ProviderOwner;
  readonly door: Door;
  readonly recorder: DecisionRecorder;
  readonly metrics: Metrics;
  readonly clock: Clock;
}

/** A change, and what its record says of it. */
interface Change {
  readonly operation: string;
  readonly type?: EvidenceType;
  readonly member?: string;
  readonly work: (location: Location, jws: string) => Promise<string>;
}

/** Express would take what follows a colon for the name of a parameter. */
const literal = (path: string): string => path.replace(':', '\\:');

const { CERTIFICATES_PATH, CERTIFICATE_MEMBER, Verb } = attestation;

/** Policies and policy certificates: who may, then the version, then the body. */
export function addOwnerRoutes(app: Express, deps: OwnerRouteDeps): void {
  const { owner } = deps;
  for (const type of attestation.ATTESTATION_TYPES) {
    const path = attestation.policyPath(type);
    resource(app, path, {
      get: reading(deps, (location) => owner.policy(location, type)),
      put: changing(deps, {
        operation: 'policy-set',
        type,
        work: (location, jws) => owner.setPolicy(location, type, jws),
      }),
    });
    resource(app, literal(`${path}${Verb.reset}`), {
      post: changing(deps, {
        operation: 'policy-reset',
        type,
        work: (location, jws) => owner.resetPolicy(location, type, jws),
      }),
    });
  }
  resource(app, CERTIFICATES_PATH, {
    get: reading(deps, (location) => owner.certificates(location)),
  });
  resource(app, literal(`${CERTIFICATES_PATH}${Verb.add}`), {
    post: changing(deps, {
      operation: 'certificate-add',
      member: CERTIFICATE_MEMBER.add,
      work: (location, jws) => owner.addCertificate(location, jws),
    }),
  });
  resource(app, literal(`${CERTIFICATES_PATH}${Verb.remove}`), {
    post: changing(deps, {
      operation: 'certificate-remove',
      member: CERTIFICATE_MEMBER.remove,
      work: (location, jws) => owner.removeCertificate(location, jws),
    }),
  });
}

function reading(
  { door }: OwnerRouteDeps,
  read: (location: Location) => Promise<string>,
): readonly RequestHandler[] {
  return [
    door('read'),
    requireApiVersion,
    handler(async (_request, response) => {
      response.json(attestation.tokenAnswer(await read(locationOf(response))));
    }),
  ];
}

function changing(deps: OwnerRouteDeps, change: Change): readonly RequestHandler[] {
  return [
    deps.door('write'),
    requireApiVersion,
    textBody(attestation.MAX_STATEMENT_BODY_BYTES),
    handler(async (request: Request, response: Response) => {
      const jws = attestation.decodeStatement(String(request.body), change.member);
      try {
        const token = await change.work(locationOf(response), jws);
        await keep(deps, change, response);
        response.json(attestation.tokenAnswer(token));
      } catch (error) {
        if (error instanceof AttestationError) await keep(deps, change, response, error);
        throw error;
      }
    }),
  ];
}

/** Who changed what, or tried to. */
async function keep(
  { recorder, metrics, clock }: OwnerRouteDeps,
  { operation, type }: Change,
  response: Response,
  error?: AttestationError,
): Promise<void> {
  const { provider, issuer } = locationOf(response);
  const requestId = requestIdOf(response);
  const at = clock.now();
  const outcome = error ? 'refused' : 'granted';
  const wire = error ? wireOutcome(error.code) : { status: 200 };
  metrics.decision({ kind: 'policy', outcome, ...('code' in wire && { code: wire.code }) });
  await recorder.record({
    requestId,
    service: SERVICE_NAME,
    at,
    record: encodeDecisionRecord({
      requestId,
      kind: 'policy',
      service: SERVICE_NAME,
      at: at.toISOString(),
      outcome,
      ...wire,
      ...(error && { decisive: operation }),
      subject: {
        provider: provider.name,
        issuer,
        caller: callerOf(response).oid,
        ...(type !== undefined && { attestationType: type }),
      },
      facts: {},
      checks: [
        error
          ? { name: operation, result: 'failed', code: error.code, detail: error.message }
          : { name: operation, result: 'passed' },
      ],
    }),
  });
}
