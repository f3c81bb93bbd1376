import { toHex } from '@touchstone/bytes';
import type { Check, DecisionRecord } from '@touchstone/decision';
import { isDebug } from '@touchstone/quote';
import { allAdvisories, type VerifiedQuote } from '@touchstone/verification';
import type { AttestCall } from './attest-call';

/** A decision before its answer is on the wire: the server adds request id, status and code. */
export type DecisionDraft = Omit<DecisionRecord, 'requestId' | 'status' | 'code'>;

export const SERVICE_NAME = 'attestation-service';

export interface DecisionInput {
  readonly call: AttestCall;
  readonly evidenceDigest: string;
  readonly at: Date;
  readonly outcome: DecisionRecord['outcome'];
  readonly checks: readonly Check[];
  readonly verified: VerifiedQuote | undefined;
  readonly policyHash: string | undefined;
}

export function draftDecision(input: DecisionInput): DecisionDraft {
  const { call, at, outcome, checks, verified, policyHash } = input;
  const decisive =
    outcome === 'refused' ? checks.find(({ result }) => result === 'failed')?.name : undefined;
  return {
    kind: 'attest',
    service: SERVICE_NAME,
    at: at.toISOString(),
    outcome,
    ...(decisive !== undefined && { decisive }),
    ...(verified && { anchor: verified.anchor }),
    subject: {
      provider: call.provider.name,
      issuer: call.issuer,
      attestationType: call.type,
      evidence: input.evidenceDigest,
      ...(policyHash !== undefined && { policyHash }),
    },
    facts: verified ? factsOf(verified) : {},
    checks,
  };
}

/** Only what a verified quote says is a fact. */
function factsOf(verified: VerifiedQuote): Readonly<Record<string, unknown>> {
  const { quote, tcb, pck, collateral } = verified;
  return {
    ...(quote.teeType === 'sgx' && {
      mrEnclave: toHex(quote.body.mrEnclave),
      mrSigner: toHex(quote.body.mrSigner),
      productId: quote.body.isvProdId,
      svn: quote.body.isvSvn,
      debug: isDebug(quote.body.attributes),
    }),
    tcbStatus: tcb.status,
    tcbDate: tcb.date.toISOString(),
    advisories: allAdvisories(verified),
    fmspc: pck.fmspc,
    collateral: {
      evaluationDataNumber: collateral.evaluationDataNumber,
      earliestExpiration: collateral.earliestExpiration.toISOString(),
      expired: collateral.expired,
      digests: collateral.digests,
    },
  };
}
