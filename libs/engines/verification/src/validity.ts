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

/** When a document is good. Times in milliseconds since 1970; chains have one of each per certificate. */
export interface Validity {
  readonly document: DatedDocument;
  readonly issued: readonly number[];
  readonly expires: readonly number[];
  readonly from: number;
  /** Still good at this very instant. */
  readonly until: number;
  /** For people. */
  readonly text: string;
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
  const text = `${new Date(from).toISOString()} to ${new Date(until).toISOString()}`;
  return { document, issued: starts, expires: ends, from, until, text };
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
  const now = at.getTime();
  const expired: DatedDocument[] = [];
  const notYetValid: DatedDocument[] = [];
  const read = at.toISOString();
  for (const validity of validities) {
    const { document, text } = validity;
    const verdict = judge(validity, now);
    const name = `${document}-validity`;
    if (verdict === 'good') trail.passed(name, { read, expected: text });
    else trail.noted(name, { read, expected: text, ...verdictDetails(document, verdict) });
    if (verdict === 'expired') expired.push(document);
    if (verdict === 'early') notYetValid.push(document);
  }
  const issued = validities.flatMap((validity) => validity.issued);
  const expires = validities.flatMap((validity) => validity.expires);
  return {
    earliestIssue: new Date(Math.min(...issued)),
    latestIssue: new Date(Math.max(...issued)),
    earliestExpiration: new Date(Math.min(...expires)),
    latestExpiration: new Date(Math.max(...expires)),
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

function verdictDetails(document: DatedDocument, verdict: Verdict) {
  if (verdict === 'early') return { code: `${codeOf(document)}_NOT_YET_VALID` };
  return { code: `${codeOf(document)}_EXPIRED`, source: EXPIRED_STATUS[document] };
}

const codeOf = (document: DatedDocument): string => document.toUpperCase().replaceAll('-', '_');
