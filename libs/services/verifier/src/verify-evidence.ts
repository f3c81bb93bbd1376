import { hasCode } from '@touchstone/errors';
import type { CollateralPart } from '@touchstone/verification';
import type { Anchors } from './anchors';
import type { CollateralSource } from './collateral-source';
import type { KindName } from './evidence-kind';
import { assertKind } from './evidence-kind';
import { judgeAvr } from './judge-avr';
import { judgeQuote } from './judge-quote';
import type { GivenFile } from './pool';
import { Pool } from './pool';
import type { Evidence } from './recognise-evidence';
import { recogniseEvidence } from './recognise-evidence';
import type { Judgement } from './verdict';
import { judgementOf, unjudged } from './verdict';
import { VerifierError } from './verifier-error';

export interface VerificationRequest {
  /** The file as it is, whatever it holds. */
  readonly evidence: Uint8Array;
  /** Found out when left out. */
  readonly kind?: KindName | undefined;
  /** Every file that may hold collateral. */
  readonly collateral: readonly GivenFile[];
  readonly at: Date;
  readonly anchors: Anchors;
  /** Parts to judge without. */
  readonly without: readonly CollateralPart[];
  readonly runtimeData?: Uint8Array | undefined;
  /** Asked for what is missing. */
  readonly source?: CollateralSource | undefined;
}

/**
 * The verdict on evidence of any kind known here. Evidence that is malformed is rejected by the code of its format; what
 * is no evidence at all, and collateral that is missing, come as a judgement of `not-judged`.
 */
export async function verifyEvidence(request: VerificationRequest): Promise<Judgement> {
  const { at } = request;
  try {
    const pool = Pool.of(request.collateral);
    const evidence = opened(request);
    if ('document' in evidence) return evidence;
    if (evidence.kind === 'ias-avr') {
      return judgeAvr({ ...request, evidence, pool, anchors: request.anchors.report });
    }
    return await judgeQuote({ ...request, evidence, pool, anchors: request.anchors.quote });
  } catch (error) {
    if (!(error instanceof VerifierError)) throw error;
    return unjudged(error.code, error.message, at);
  }
}

/** The evidence, or the verdict on bytes that are of a known kind and malformed. */
function opened({ evidence, kind, at }: VerificationRequest): Evidence | Judgement {
  try {
    const found = recogniseEvidence(evidence);
    assertKind(found.kind, kind);
    return found;
  } catch (error) {
    if (!hasCode(error) || error instanceof VerifierError) throw error;
    const { code, message, field = '' } = error;
    const check = { name: 'evidence-format', result: 'failed', code, detail: message } as const;
    const reason = field === '' ? message : `${field}: ${message}`;
    return judgementOf({ verdict: 'rejected', at, code, reason, checks: [check] });
  }
}
