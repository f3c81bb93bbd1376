import type { Response } from 'express';
import { encodeDecisionRecord, type Check } from '@touchstone/decision';
import { requestIdOf } from '@touchstone/http';
import { policyTokenHash } from '@touchstone/policy-document';
import type { Clock, DecisionStore } from '@touchstone/ports';
import type { Metrics } from '@touchstone/runtime';
import { AttestationError, SERVICE_NAME, type EvidenceType } from '@touchstone/service-attestation';
import { callerOf } from './door';
import { wireOutcome } from './error-table';
import { locationOf } from './location';

export interface ChangeRecordDeps {
  readonly decisions: Pick<DecisionStore, 'append'>;
  readonly metrics: Metrics;
  readonly clock: Clock;
}

/** What a record says of a change. */
export interface NamedChange {
  /** Such as `policy-set`. */
  readonly operation: string;
  readonly type?: EvidenceType;
  /** The JWS that was sent; the record has its hash. */
  readonly document?: string;
}

/** Does the work, and keeps who changed what, or tried to, before it says how that went. */
export async function recorded<Result>(
  deps: ChangeRecordDeps,
  change: NamedChange,
  response: Response,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    const result = await work();
    await keep(deps, change, response);
    return result;
  } catch (error) {
    if (error instanceof AttestationError) await keep(deps, change, response, error);
    throw error;
  }
}

async function keep(
  { decisions, metrics, clock }: ChangeRecordDeps,
  { operation, type, document }: NamedChange,
  response: Response,
  error?: AttestationError,
): Promise<void> {
  const { provider, issuer } = locationOf(response);
  const requestId = requestIdOf(response);
  const at = clock.now();
  const outcome = error ? 'refused' : 'granted';
  const wire = error ? wireOutcome(error.code) : { status: 200 };
  metrics.decision({ kind: 'policy', outcome, ...('code' in wire && { code: wire.code }) });
  const checks = checksOf(operation, error);
  await decisions.append({
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
      ...(error && { decisive: checks.at(-1)?.name ?? operation }),
      subject: {
        provider: provider.name,
        issuer,
        caller: callerOf(response).oid,
        ...(type !== undefined && { attestationType: type }),
        ...(document !== undefined && { document: policyTokenHash(document) }),
      },
      facts: {},
      checks,
    }),
  });
}

/** What decided comes last. */
function checksOf(operation: string, error?: AttestationError): readonly Check[] {
  if (!error) return [{ name: operation, result: 'passed' }];
  const { checks, code, message } = error;
  return checks.length > 0
    ? checks
    : [{ name: operation, result: 'failed', code, detail: message }];
}
