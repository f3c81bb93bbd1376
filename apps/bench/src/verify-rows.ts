import { parseQuote } from '@touchstone/quote';
import { type Evidence, aPlatform, evidenceOf, tdxEvidenceOf } from '@touchstone/testkit';
import { type TrustAnchor, createQuoteVerifier, verifyQuote } from '@touchstone/verification';
import { cryptoFloor } from './floor';
import { type MeasureOptions, measure } from './measure';
import { peerVerification } from './peer';
import { type Row, timeRow } from './row';

/**
 * Signatures of a whole verification: PCK certificate, intermediate, signer of TCB info and identity, these two, two CRLs and
 * the quote's two. Ours looks at the root's own as well, which a pinned key does not need.
 */
const COLD_VERIFICATIONS = 9;
/** What is left when all but the quote is known: its signature, and that of its quoting enclave's report. */
export const WARM_VERIFICATIONS = 2;

/** Something to verify, with what makes it believed. */
export interface VerifySubject {
  /** `sgx` or `tdx`, and how its rows are called. */
  readonly name: string;
  readonly evidence: Evidence;
  readonly anchor: TrustAnchor;
  /** DER. */
  readonly root: Uint8Array;
  readonly at: Date;
  readonly note?: string;
}

/** SGX and TDX evidence of a simulated platform. */
export function simulatedSubjects(): readonly VerifySubject[] {
  const platform = aPlatform({ seed: 'bench', model: 'simulated-e5' });
  const { authority, at } = platform;
  const shared = { anchor: authority.anchor, root: authority.rootCertificate, at };
  return [
    { ...shared, name: 'verify.sgx', evidence: evidenceOf(platform) },
    {
      ...shared,
      name: 'verify.tdx',
      evidence: tdxEvidenceOf(platform),
      note: 'simulated: written and signed by the test kit, for no TDX module is simulated',
    },
  ];
}

/** Bytes to verdict: with nothing known before, and with everything known that may be. */
export function verifyRows(subject: VerifySubject, options: MeasureOptions): readonly Row[] {
  const { name, evidence, anchor, root, at, note } = subject;
  const { quote, collateral } = evidence;
  const anchors = [anchor];
  const verifier = createQuoteVerifier({ anchors });
  // Apart from the others, whose garbage would be collected at its cost.
  const warm = measure(
    {
      ours: () => verifier.verify(parseQuote(quote), collateral, at),
      p256: cryptoFloor().p256Verify,
    },
    options,
  );
  const cold = measure(
    {
      ours: () => verifyQuote(parseQuote(quote), collateral, { anchors, at }),
      peer: peerVerification(quote, collateral, root, at),
      p256: cryptoFloor().p256Verify,
    },
    options,
  );
  const { peer } = cold;
  return [
    timeRow(`${name}.warm`, warm.ours, { floor: WARM_VERIFICATIONS * warm.p256, peer }, note),
    timeRow(`${name}.cold`, cold.ours, { floor: COLD_VERIFICATIONS * cold.p256, peer }, note),
  ];
}
