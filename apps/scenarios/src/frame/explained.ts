import { RpcCallError } from '@touchstone/enclave-rpc';
import { fetchDecision } from '@touchstone/server-ecosystem';
import { Refused } from './refused';
import type { World } from './world';

/** What the decision record of a service says of its refusal: for the values of a step. */
export interface Explanation {
  /** As the service's wire said it. */
  readonly answer: string;
  /** Name of the check that decided. */
  readonly check: string;
  readonly read?: string;
  readonly expected?: string;
  /** Request id, which names the record. */
  readonly request: string;
}

/** A refusal whose code is the name of the check that decided it. */
export class ExplainedRefusal extends Refused {
  readonly explanation: Explanation;

  constructor(by: string, explanation: Explanation, cause: unknown) {
    const { answer, check, read, expected } = explanation;
    const values = [read && `read ${read}`, expected && `expected ${expected}`].filter(Boolean);
    super(by, check, [`it answers ${answer}`, ...values].join(', '), cause);
    this.explanation = explanation;
  }
}

/** Those who may refuse on the way of a call, as steps name them. */
export interface Deciders {
  readonly attestation: string;
  readonly vault?: string;
  /** Address of the vault, where it is not the ecosystem's own. */
  readonly vaultUrl?: string;
}

type Places = Pick<World, 'endpoints' | 'http'>;

/**
 * The answer to a call on whose way an attestation service or a vault may refuse; such a refusal becomes `ExplainedRefusal`.
 * Anything else fails as it does.
 */
export async function askedFor<Answer>(
  { endpoints, http }: Places,
  { attestation, vault = 'key vault', vaultUrl }: Deciders,
  call: Promise<Answer>,
): Promise<Answer> {
  try {
    return await call;
  } catch (error) {
    const refusal = error instanceof RpcCallError ? error.refusal : undefined;
    if (refusal === undefined) throw error;
    const own = vaultUrl !== undefined && { 'key-vault': vaultUrl };
    const places = {
      endpoints: { ...endpoints, services: { ...endpoints.services, ...own } },
      http,
    };
    const { status, code, requestId } = refusal;
    const by = refusal.by === 'attestation' ? attestation : vault;
    throw await explained(places, { by, answer: `${status} ${code}`, requestId }, error);
  }
}

/** A service's refusal with what its decision record says of it; without a record, only what its wire said. */
export async function explained(
  { endpoints, http }: Places,
  { by, answer, requestId }: { by: string; answer: string; requestId: string },
  cause: unknown,
): Promise<ExplainedRefusal> {
  const record = await fetchDecision(endpoints, http, requestId);
  const check = record?.checks.find(
    ({ name, result }) => name === record.decisive && result === 'failed',
  );
  const explanation = {
    answer,
    check: check?.name ?? answer,
    ...(check?.read !== undefined && { read: check.read }),
    ...(check?.expected !== undefined && { expected: check.expected }),
    request: requestId,
  };
  return new ExplainedRefusal(by, explanation, cause);
}
