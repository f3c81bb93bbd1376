import { parseJson } from '@touchstone/claims';
import { encodeDecisionRecord } from '@touchstone/decision';
import type { DecisionStore } from '@touchstone/ports';
import type { Metrics } from '@touchstone/runtime';
import {
  SERVICE_NAME,
  type AttestCall,
  type AttestDecision,
  type AttestationService,
  type Location,
} from '@touchstone/service-attestation';
import { attestation } from '@touchstone/wire';
import { wireOutcome } from './error-table';

export interface AttestDeps {
  readonly service: AttestationService;
  readonly decisions: Pick<DecisionStore, 'append'>;
  readonly metrics: Metrics;
}

export interface AttestOperation extends Pick<Location, 'provider' | 'issuer'> {
  readonly type: attestation.AttestationType;
  readonly version: attestation.ApiVersion;
  readonly requestId: string;
  readonly body: string;
}

/** Decodes, judges, keeps the record; the answer is the token. Refusals are thrown when their record is kept. */
export async function attest(deps: AttestDeps, operation: AttestOperation): Promise<string> {
  const { type, version, provider, issuer, requestId, body } = operation;
  const order = attestation.decodeAttestRequest(type, version, parseJson(body, 'body'));
  return judged(deps, { ...order, provider, issuer, type }, requestId);
}

/** The same for what is decoded already. */
export async function judged(
  deps: AttestDeps,
  call: AttestCall,
  requestId: string,
): Promise<string> {
  const decision = await deps.service.attest(call);
  await keep(deps, decision, requestId);
  if (!decision.granted) throw decision.error;
  return decision.token;
}

/** The record stands under the request id of the answer. */
async function keep(
  { decisions, metrics }: AttestDeps,
  decision: AttestDecision,
  requestId: string,
): Promise<void> {
  const wire = decision.granted ? { status: 200 } : wireOutcome(decision.error.code);
  const { draft } = decision;
  metrics.decision({
    kind: draft.kind,
    outcome: draft.outcome,
    ...('code' in wire && { code: wire.code }),
  });
  await decisions.append({
    requestId,
    service: SERVICE_NAME,
    at: new Date(draft.at),
    record: encodeDecisionRecord({ ...draft, requestId, ...wire }),
  });
}
