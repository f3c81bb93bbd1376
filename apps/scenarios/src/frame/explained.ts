import { RpcCallError } from '@touchstone/enclave-rpc';
import { fetchDecision, type Endpoints } from '@touchstone/server-ecosystem';
import { Refused } from './refused';
import type { World } from './world';

/** A refusal with the check that decided it, out of the decision record of the service that refused. */
export class ExplainedRefusal extends Refused {
  /** For the values of a step. */
  readonly explanation: Readonly<Record<string, string>>;

  constructor(
    by: string,
    code: string,
    explanation: Readonly<Record<string, string>>,
    cause: unknown,
  ) {
    const { answer, read, expected } = explanation;
    const values = [read && `read ${read}`, expected && `expected ${expected}`].filter(Boolean);
    super(by, code, [`it answers ${answer}`, ...values].join(', '), cause);
    this.explanation = explanation;
  }
}

/** Where a service stands, as steps name it: the one whose refusal a host handed on. */
export interface Deciders {
  readonly attestation: string;
  readonly vault: string;
  /** Address of the vault, where it is not the ecosystem's own. */
  readonly vaultUrl?: string;
}

/**
 * The answer to a call on whose way an attestation service or a vault may refuse; such a refusal becomes `ExplainedRefusal`, whose code
 * is the name of the check that decided. Anything else fails as it does.
 */
export async function askedFor<Answer>(
  world: Pick<World, 'endpoints' | 'http'>,
  deciders: Deciders,
  call: Promise<Answer>,
): Promise<Answer> {
  try {
    return await call;
  } catch (error) {
    const refusal = error instanceof RpcCallError ? error.refusal : undefined;
    if (refusal === undefined) throw error;
    const { status, code, requestId } = refusal;
    const record = await fetchDecision(placesOf(world, deciders), world.http, requestId);
    const check = record?.checks.find(
      ({ name, result }) => name === record.decisive && result === 'failed',
    );
    const by = refusal.by === 'attestation' ? deciders.attestation : deciders.vault;
    const explanation = {
      answer: `${status} ${code}`,
      check: check?.name ?? code,
      ...(check?.read !== undefined && { read: check.read }),
      ...(check?.expected !== undefined && { expected: check.expected }),
      request: requestId,
    };
    throw new ExplainedRefusal(by, explanation.check, explanation, error);
  }
}

const placesOf = ({ endpoints }: Pick<World, 'endpoints'>, { vaultUrl }: Deciders): Endpoints =>
  vaultUrl === undefined
    ? endpoints
    : { ...endpoints, services: { ...endpoints.services, 'key-vault': vaultUrl } };
