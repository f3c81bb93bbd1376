import type { Check } from '@touchstone/decision';
import type { CollateralPart, PartlyVerifiedQuote, TrustAnchor } from '@touchstone/verification';
import {
  VerificationError,
  allAdvisories,
  verifyBinding,
  verifyQuote,
  verifyQuotePartly,
} from '@touchstone/verification';
import type { ChosenCollateral } from './choose-collateral';
import type { CollateralSource, FetchFailure } from './collateral-source';
import { completeCollateral } from './collateral-source';
import { claimsText } from './custom-claims';
import type { MissingPart } from './parts';
import { COLLATERAL_PARTS, partLost } from './parts';
import type { Pool } from './pool';
import { quoteFacts } from './quote-facts';
import type { QuoteEvidence } from './recognise-evidence';
import type { Facts, Judgement, JudgementParts } from './verdict';
import { judgementOf } from './verdict';

export interface QuoteCase {
  readonly evidence: QuoteEvidence;
  readonly pool: Pool;
  readonly anchors: readonly TrustAnchor[];
  readonly at: Date;
  readonly without: readonly CollateralPart[];
  readonly runtimeData?: Uint8Array | undefined;
  readonly source?: CollateralSource | undefined;
}

/**
 * The verdict on a quote. What can be refused is refused even when collateral is missing; only evidence with nothing
 * against it is not judged for want of collateral.
 */
export async function judgeQuote(quoteCase: QuoteCase): Promise<Judgement> {
  const { evidence, pool, at, without } = quoteCase;
  const { chosen, failures } = await completeCollateral(evidence.quote, pool, quoteCase);
  const lacking = chosen.missing.filter((part) => {
    const lost = partLost(part);
    return lost === undefined || !without.includes(lost);
  });
  const before = [
    ...aroundChecks(evidence),
    ...chosenChecks(chosen, without),
    ...failures.map(failureCheck),
  ];
  const common = {
    at,
    kind: evidence.kind,
    facts: quoteFacts(evidence, chosen.platform),
    missing: lacking.length > 0 ? lacking : without,
  };
  if (lacking.includes('pck-certificate-chain'))
    return notJudged(common, lacking, before, failures);
  try {
    const verified = verify(quoteCase, chosen, lacking);
    const checks = [...before, ...verified.checks, ...bindingChecks(verified, quoteCase)];
    if (evidence.strayBytes !== undefined) return strayed(common, evidence.strayBytes, checks);
    if (lacking.length > 0) return notJudged(common, lacking, checks, failures);
    return concluded(common, verified, checks);
  } catch (error) {
    if (!(error instanceof VerificationError)) throw error;
    return refused(common, error, before);
  }
}

type Common = Pick<JudgementParts, 'at' | 'kind' | 'missing'> & { readonly facts: Facts };

function verify(
  { evidence, anchors, at, without }: QuoteCase,
  { collateral, platform }: ChosenCollateral,
  lacking: readonly MissingPart[],
): PartlyVerifiedQuote {
  const lost = lacking.map(partLost);
  const skipped = COLLATERAL_PARTS.filter((part) => without.includes(part) || lost.includes(part));
  const { pckCertificateChain } = platform;
  const options = {
    anchors,
    at,
    ...(pckCertificateChain === undefined ? {} : { pckCertificateChain }),
  };
  if (skipped.length > 0) {
    return verifyQuotePartly(evidence.quote, collateral, { ...options, without: skipped });
  }
  return { ...verifyQuote(evidence.quote, collateral, options), without: [] };
}

/** Thrown by the engine with the checks that it made itself; those of the quote are lost to nobody. */
function bindingChecks(verified: PartlyVerifiedQuote, { runtimeData }: QuoteCase): Check[] {
  if (runtimeData === undefined) {
    return [{ name: 'runtime-data-binding', result: 'skipped', detail: 'no runtime data given' }];
  }
  try {
    verifyBinding(verified, runtimeData);
  } catch (error) {
    if (!(error instanceof VerificationError)) throw error;
    throw new VerificationError(error.code, error.message, [...verified.checks, ...error.checks]);
  }
  return [{ name: 'runtime-data-binding', result: 'passed', read: `${runtimeData.length} bytes` }];
}

function concluded(
  common: Common,
  verified: PartlyVerifiedQuote,
  checks: readonly Check[],
): Judgement {
  const { tcb, qe, tdxModule, anchor, collateral } = verified;
  const parts: JudgementParts = {
    ...common,
    verdict: 'genuine',
    checks,
    tcbStatus: tcb?.status,
    qeStatus: qe?.status,
    advisories: advisoriesOf(verified),
    anchor,
    facts: {
      ...common.facts,
      ...(tcb
        ? {
            tcbDate: iso(tcb.date),
            tcbEvaluationDataNumber: tcb.evaluationDataNumber,
            platformTcbStatus: tcb.levelStatus,
          }
        : {}),
      ...(qe ? { qeTcbDate: iso(qe.date), qeEvaluationDataNumber: qe.evaluationDataNumber } : {}),
      ...(tdxModule ? { tdxModuleId: tdxModule.id, tdxModuleStatus: tdxModule.status } : {}),
      earliestIssueDate: iso(collateral.earliestIssue),
      latestIssueDate: iso(collateral.latestIssue),
      earliestExpirationDate: iso(collateral.earliestExpiration),
      latestExpirationDate: iso(collateral.latestExpiration),
      rootKeyId: collateral.rootKeyId,
      ...crlFacts(collateral),
    },
  };
  const [expired] = collateral.expired;
  if (expired === undefined) return judgementOf(parts);
  const code = `${expired.toUpperCase().replaceAll('-', '_')}_EXPIRED`;
  const detail = collateral.expired.join(', ');
  return judgementOf({
    ...parts,
    verdict: 'rejected',
    code,
    reason: `no longer valid at that instant: ${detail}`,
    checks: [...checks, { name: 'collateral-current', result: 'failed', code, detail }],
  });
}

function advisoriesOf({ tcb, qe, tdxModule }: PartlyVerifiedQuote): readonly string[] {
  const none = { advisoryIds: [] };
  if (tcb !== undefined && qe !== undefined) {
    return allAdvisories({ tcb, qe, ...(tdxModule ? { tdxModule } : {}) });
  }
  const lists = [tcb ?? none, qe ?? none, tdxModule ?? none];
  return [...new Set(lists.flatMap(({ advisoryIds }) => advisoryIds))];
}

/** CRL numbers have up to 20 bytes, more than a JSON number holds exactly. */
function crlFacts({ rootCaCrlNumber, pckCrlNumber }: PartlyVerifiedQuote['collateral']): Facts {
  return {
    ...(rootCaCrlNumber === undefined ? {} : { rootCaCrlNumber: `${rootCaCrlNumber}` }),
    ...(pckCrlNumber === undefined ? {} : { pckCrlNumber: `${pckCrlNumber}` }),
  };
}

const iso = (date: Date): string => date.toISOString();

function refused(common: Common, error: VerificationError, before: readonly Check[]): Judgement {
  const { code, message, checks } = error;
  const anchor = checks.find(({ name, result }) => name === 'trust-anchor' && result === 'passed');
  return judgementOf({
    ...common,
    verdict: 'rejected',
    code,
    reason: message,
    checks: [...before, ...checks],
    anchor: anchor?.read,
    tcbStatus: code === 'TCB_REVOKED' ? 'Revoked' : undefined,
  });
}

/** Whoever hashes or stores the whole file would hold more than what was proven. */
function strayed(common: Common, count: number, checks: readonly Check[]): Judgement {
  const code = 'QUOTE_TRAILING';
  const detail = `${count} bytes behind the quote are neither padding nor bound by it`;
  const check: Check = { name: 'evidence-trailing', result: 'failed', code, detail };
  return judgementOf({
    ...common,
    verdict: 'rejected',
    code,
    reason: detail,
    checks: [...checks, check],
  });
}

function notJudged(
  common: Common,
  lacking: readonly MissingPart[],
  checks: readonly Check[],
  failures: readonly FetchFailure[],
): Judgement {
  const asked = failures.length === 0 ? '' : ' (asked for in vain)';
  const reason = `missing: ${lacking.join(', ')}${asked}`;
  const code = 'COLLATERAL_MISSING';
  return judgementOf({
    ...common,
    verdict: 'not-judged',
    code,
    reason,
    checks: [
      ...checks,
      { name: 'collateral-complete', result: 'failed', code, detail: lacking.join(', ') },
    ],
  });
}

const aroundChecks = ({ around, customClaims }: QuoteEvidence): Check[] => [
  ...around.map((detail): Check => ({ name: 'evidence-wrapping', result: 'noted', detail })),
  ...(customClaims === undefined
    ? []
    : [
        {
          name: 'custom-claims-binding',
          result: 'passed',
          read: claimsText(customClaims),
        } as const,
      ]),
];

const chosenChecks = ({ chosen }: ChosenCollateral, without: readonly CollateralPart[]): Check[] =>
  chosen
    .filter(({ part }) => !without.includes(part))
    .map(({ part, source, text }) => ({
      name: `${part}-chosen`,
      result: 'noted',
      read: text,
      detail: source,
    }));

const failureCheck = ({ part, code, message }: FetchFailure): Check => ({
  name: `${part}-fetched`,
  result: 'failed',
  code,
  detail: message,
});
