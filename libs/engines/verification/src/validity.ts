import type { Check } from '@touchstone/decision';
import type { Certificate, Crl } from '@touchstone/pki';
import type { Trail } from './trail';

/** Documents with dates, as they are named in results. */
export type DatedDocument =
  | 'pck-chain'
  | 'root-ca-crl'
  | 'pck-crl'
  | 'pck-crl-issuer-chain'
  | 'tcb-info-issuer-chain'
  | 'tcb-info'
  | 'qe-identity-issuer-chain'
  | 'qe-identity';

/** Intel's names for each being too old. */
const EXPIRED_STATUS: Readonly<Record<DatedDocument, string>> = {
  'pck-chain': 'SGX_PCK_CERT_CHAIN_EXPIRED',
  'root-ca-crl': 'SGX_CRL_EXPIRED',
  'pck-crl': 'SGX_CRL_EXPIRED',
  'pck-crl-issuer-chain': 'SGX_SIGNING_CERT_CHAIN_EXPIRED',
  'tcb-info-issuer-chain': 'SGX_SIGNING_CERT_CHAIN_EXPIRED',
  'tcb-info': 'SGX_TCB_INFO_EXPIRED',
  'qe-identity-issuer-chain': 'SGX_SIGNING_CERT_CHAIN_EXPIRED',
  'qe-identity': 'SGX_ENCLAVE_IDENTITY_EXPIRED',
};

/** When a document is good; times in milliseconds since 1970. A chain is good while all its certificates are. */
export interface Validity {
  readonly document: DatedDocument;
  readonly from: number;
  /** Still good at this very instant. */
  readonly until: number;
  readonly earliestIssue: number;
  readonly latestExpiration: number;
  /** Its window for people, and the check that it passes, made once. */
  readonly window: string;
  readonly passed: readonly Check[];
}

export function validityOf(
  document: DatedDocument,
  issued: readonly Date[],
  expires: readonly Date[],
): Validity {
  const starts = issued.map(Number);
  const ends = expires.map(Number);
  const from = Math.max(...starts);
  const until = Math.min(...ends);
  const window = `${new Date(from).toISOString()} to ${new Date(until).toISOString()}`;
  return {
    document,
    from,
    until,
    earliestIssue: Math.min(...starts),
    latestExpiration: Math.max(...ends),
    window,
    passed: [{ name: `${document}-validity`, result: 'passed', expected: window }],
  };
}

export const validityOfChain = (document: DatedDocument, chain: readonly Certificate[]): Validity =>
  validityOf(
    document,
    chain.map((certificate) => certificate.notBefore),
    chain.map((certificate) => certificate.notAfter),
  );

export const validityOfCrl = (document: DatedDocument, crl: Crl): Validity =>
  validityOf(document, [crl.thisUpdate], [crl.nextUpdate]);

export interface DateFacts {
  readonly earliestIssue: Date;
  readonly latestIssue: Date;
  readonly earliestExpiration: Date;
  readonly latestExpiration: Date;
  /** Documents past their date, and CRLs of the future (Intel's library calls both expired). */
  readonly expired: readonly DatedDocument[];
  /** Documents and certificates that are dated later than now; Intel's library lets them pass. */
  readonly notYetValid: readonly DatedDocument[];
}

/** Notes for each document whether `at` is in its window. Nothing fails here: being too old is for the caller to judge. */
export function noteDates(trail: Trail, validities: readonly Validity[], at: Date): DateFacts {
  const expired: DatedDocument[] = [];
  const notYetValid: DatedDocument[] = [];
  let [earliestIssue, latestIssue] = [Infinity, -Infinity];
  let [earliestExpiration, latestExpiration] = [Infinity, -Infinity];
  for (const validity of validities) {
    const verdict = judge(validity, at.getTime());
    noteVerdict(trail, validity, verdict, at);
    if (verdict === 'expired') expired.push(validity.document);
    if (verdict === 'early') notYetValid.push(validity.document);
    earliestIssue = Math.min(earliestIssue, validity.earliestIssue);
    latestIssue = Math.max(latestIssue, validity.from);
    earliestExpiration = Math.min(earliestExpiration, validity.until);
    latestExpiration = Math.max(latestExpiration, validity.latestExpiration);
  }
  return {
    earliestIssue: new Date(earliestIssue),
    latestIssue: new Date(latestIssue),
    earliestExpiration: new Date(earliestExpiration),
    latestExpiration: new Date(latestExpiration),
    expired,
    notYetValid,
  };
}

type Verdict = 'good' | 'expired' | 'early';

function judge({ document, from, until }: Validity, now: number): Verdict {
  if (now > until) return 'expired';
  if (now >= from) return 'good';
  return document === 'root-ca-crl' || document === 'pck-crl' ? 'expired' : 'early';
}

function noteVerdict(
  trail: Trail,
  { document, window, passed }: Validity,
  verdict: Verdict,
  at: Date,
): void {
  if (verdict === 'good') return trail.append(passed);
  const code = document.toUpperCase().replaceAll('-', '_');
  const details =
    verdict === 'early'
      ? { code: `${code}_NOT_YET_VALID` }
      : { code: `${code}_EXPIRED`, source: EXPIRED_STATUS[document] };
  return trail.noted(`${document}-validity`, {
    read: at.toISOString(),
    expected: window,
    ...details,
  });
}
