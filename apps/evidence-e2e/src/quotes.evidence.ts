import {
  VerificationError,
  INTEL_SGX_ROOT,
  createQuoteVerifier,
  verifyQuote,
} from '@touchstone/verification';
import type { VerifiedQuote, VerifyOptions } from '@touchstone/verification';
import { changedFiles, itemsOf } from './manifest';
import type { EvidenceItem } from './manifest';
import { factsOf } from './quote-facts';
import type { ExpectedVerdict } from './quote-items';
import { QUOTE_KINDS, collateralOf, ownCollateral, quoteOf, verdictsOf } from './quote-items';

const items = itemsOf(...QUOTE_KINDS);
const verifier = createQuoteVerifier({ anchors: [INTEL_SGX_ROOT] });

/** Our code for each reason that the manifest gives for a rejection that is not a matter of dates. */
const REJECTIONS: Readonly<Record<string, string>> = {
  'tcb-not-supported': 'TCB_NOT_SUPPORTED',
  'pck-chain': 'INTERMEDIATE_CA_INVALID_ISSUER',
};

const EXPIRIES: Readonly<Record<string, string>> = {
  'tcb-info-expired': 'tcb-info',
  'qe-identity-expired': 'qe-identity',
};

const optionsOf = (verdict: ExpectedVerdict): VerifyOptions => ({
  without: [
    ...(verdict.pckCrl ? [] : ['pck-crl' as const]),
    ...(verdict.rootCaCrl ? [] : ['root-ca-crl' as const]),
  ],
});

function codeOf(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (!(error instanceof VerificationError)) throw error;
    expect(error.checks.at(-1)).toMatchObject({ result: 'failed', code: error.code });
    return error.code;
  }
}

/** All that the manifest says about a quote which it does not reject for its signatures or its TCB. */
function expectVerdict(verified: VerifiedQuote, expected: ExpectedVerdict): void {
  expect(verified.anchor).toBe('intel');
  expect(verified.tcb.levelStatus).toBe(expected.tcbStatus);
  expect(verified.tcb.status).toBe(expected.overallTcbStatus);
  expect(verified.tcb.date).toEqual(new Date(expected.tcbDate ?? ''));
  expect(verified.tcb.advisoryIds).toEqual(expected.advisoryIDs);
  expect(verified.tcb.evaluationDataNumber).toBe(expected.tcbInfo?.tcbEvaluationDataNumber);
  expect(verified.pck.fmspc).toBe(expected.tcbInfo?.fmspc);
  expect(verified.qe.status).toBe(expected.qeIdentity?.status);
  expect(verified.quote.qeReport.isvSvn).toBe(expected.qeIdentity?.qeIsvSvn);
  if (verified.tdxModule !== undefined) {
    expect(verified.tdxModule.id).toBe(expected.tdxModule?.id);
    expect(verified.tdxModule.status).toBe(expected.tdxModule?.status);
    expect(verified.tdxModule.advisoryIds).toEqual(expected.tdxModule?.adv ?? []);
  }
  expect([...verified.collateral.expired].sort()).toEqual(expiredOf(expected));
}

function expiredOf({ tcbInfo, qeIdentity, pckCrl, rootCaCrl }: ExpectedVerdict): string[] {
  return [
    ...(pckCrl?.fresh === false ? ['pck-crl'] : []),
    ...(qeIdentity?.fresh === false ? ['qe-identity'] : []),
    ...(rootCaCrl?.fresh === false ? ['root-ca-crl'] : []),
    ...(tcbInfo?.fresh === false ? ['tcb-info'] : []),
  ];
}

describe.each(items.map((item) => [item.id, item] as const))('%s', (_id, item: EvidenceItem) => {
  const quote = quoteOf(item);

  it('has the bytes that the manifest was written for', () => {
    expect(changedFiles(item)).toEqual([]);
  });

  it('shows the facts', () => {
    expect(factsOf(quote)).toEqual(item.facts);
  });

  const verdicts = verdictsOf(item).map((verdict) => [verdict.now ?? 'any time', verdict] as const);
  it.each(verdicts)('at %s', (now, verdict) => {
    // Without an instant of its own, the verdict must not depend on one: Intel's documents of another quote will do.
    const judged = verdict.collateralFiles === undefined ? someVerdict() : verdict;
    const at = new Date(now === 'any time' ? (judged.now ?? '') : now);
    const collateral = collateralOf(judged, at);
    const verify = (): VerifiedQuote => verifier.verify(quote, collateral, at, optionsOf(judged));
    const reasons = verdict.verdict.startsWith('reject: ')
      ? verdict.verdict.slice(8).split(', ')
      : [];
    const [reason = ''] = reasons;
    if (reason in REJECTIONS) {
      expect(codeOf(verify)).toBe(REJECTIONS[reason]);
      expect(codeOf(verify)).toBe(REJECTIONS[reason]);
      return;
    }
    const first = verify();
    expectVerdict(first, verdict);
    expect([...first.collateral.expired].sort()).toEqual(
      reasons.map((name) => EXPIRIES[name]).sort(),
    );
    if (reasons.length === 0)
      expect(verdict.verdict).toBe(`genuine, TCB status ${first.tcb.status}`);
    // Once more, by now from memory: the same verdict by the same steps.
    expect(verify()).toEqual(first);
    expect(
      verifyQuote(quote, collateral, { anchors: [INTEL_SGX_ROOT], at, ...optionsOf(judged) }),
    ).toEqual(first);
  });

  const own = ownCollateral(item);
  if (own !== undefined) {
    it('comes to the same verdict with the collateral that came with it', () => {
      const [verdict] = verdictsOf(item);
      const at = new Date(item.now ?? '');
      const verify = (): VerifiedQuote => verifier.verify(quote, own, at);
      const reason = verdict?.verdict.replace('reject: ', '') ?? '';
      if (reason in REJECTIONS) expect(codeOf(verify)).toBe(REJECTIONS[reason]);
      else expectVerdict(verify(), verdict as ExpectedVerdict);
    });
  }

  it('is refused when one bit of what is signed is another', () => {
    const [verdict] = verdictsOf(item);
    const judged = verdict?.collateralFiles === undefined ? someVerdict() : verdict;
    const at = new Date(judged.now ?? '');
    const signedBytes = quote.signedBytes.slice();
    signedBytes[60]! ^= 1;
    const forged = { ...quote, signedBytes };
    expect(
      codeOf(() => verifier.verify(forged, collateralOf(judged, at), at, optionsOf(judged))),
    ).toMatch(/^(QUOTE_INVALID_SIGNATURE|INTERMEDIATE_CA_INVALID_ISSUER)$/);
  });
});

function someVerdict(): ExpectedVerdict {
  const [verdict] = items
    .flatMap(verdictsOf)
    .filter(({ collateralFiles }) => collateralFiles?.pckCrl?.includes('processor'));
  if (verdict === undefined) throw new Error('the manifest has no verdict with collateral');
  return verdict;
}
