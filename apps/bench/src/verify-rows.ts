import { parseQuote } from '@touchstone/quote';
import { type Evidence, aPlatform, evidenceOf, tdxEvidenceOf } from '@touchstone/testkit';
import { type TrustAnchor, createQuoteVerifier, verifyQuote } from '@touchstone/verification';
import { cryptoFloor } from './floor';
import { type MeasureOptions, measure } from './measure';
import { peerVerification } from './peer';
import { type Row, timeRow } from './row';

/** Signatures of a whole verification: PCK chain 3, TCB info and identity 1 each with their signer, two CRLs, the quote's 2. */
const COLD_VERIFICATIONS = 9;
const WARM_VERIFICATIONS = 2;

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
  const peer = peerVerification(quote, collateral, root, at);
  const times = measure(
    {
      warm: () => verifier.verify(parseQuote(quote), collateral, at),
      cold: () => verifyQuote(parseQuote(quote), collateral, { anchors, at }),
      peer,
      p256: cryptoFloor().p256Verify,
    },
    options,
  );
  const floor = (verifications: number) => ({
    floor: times.p256 * verifications,
    peer: times.peer,
  });
  return [
    timeRow(`${name}.warm`, times.warm, floor(WARM_VERIFICATIONS), note),
    timeRow(`${name}.cold`, times.cold, floor(COLD_VERIFICATIONS), note),
  ];
}
