import { concat, sha256 } from '@touchstone/bytes';
import {
  INTEL_QE_VENDOR_ID,
  attributes,
  encodeCertificationData,
  encodeQuote,
  parseQuote,
  type SgxReportBody,
} from '@touchstone/quote';
import type { CollateralFacts, TcbFacts, VerifiedQuote } from '@touchstone/verification';

export const AT = new Date('2026-01-01T00:00:00Z');

/** INIT, MODE64BIT, and what else a test wants. */
export const PLAIN = 0x5n;
export const DEBUG = 0x2n;
export const KSS = 0x80n;

const filled = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value);

export const aBody = (changes: Partial<SgxReportBody> = {}): SgxReportBody => ({
  cpuSvn: filled(16, 1),
  miscSelect: 0,
  isvExtProdId: filled(16, 0x22),
  attributes: attributes(PLAIN),
  mrEnclave: filled(32, 0xee),
  mrSigner: filled(32, 0x55),
  configId: filled(64, 0xcc),
  isvProdId: 7,
  isvSvn: 3,
  configSvn: 9,
  isvFamilyId: filled(16, 0xff),
  reportData: filled(64, 0),
  ...changes,
});

/** Report data of an enclave that committed to `data`. */
export const boundTo = (data: Uint8Array): Uint8Array => concat(sha256(data), filled(32, 0));

/** What a verifier would have said: appraisal believes it, so nothing here is signed. */
export function aVerifiedQuote(
  body: Partial<SgxReportBody> = {},
  facts: { readonly tcb?: Partial<TcbFacts>; readonly collateral?: Partial<CollateralFacts> } = {},
): VerifiedQuote {
  const quote = parseQuote(
    encodeQuote({
      version: 3,
      teeType: 'sgx',
      header: {
        attKeyType: 2,
        qeSvn: 1,
        pceSvn: 1,
        qeVendorId: INTEL_QE_VENDOR_ID,
        userData: filled(20, 0),
      },
      body: aBody(body),
      signature: filled(64, 1),
      attestationKey: filled(64, 2),
      qeReport: aBody(),
      qeReportSignature: filled(64, 3),
      authData: filled(32, 4),
      certificationData: encodeCertificationData({ type: 5, pem: 'chain' }),
    }),
  );
  const level = { status: 'UpToDate', date: AT, advisoryIds: [] } as const;
  return {
    quote,
    body: quote.body,
    anchor: 'intel',
    tcb: { ...level, levelStatus: 'UpToDate', evaluationDataNumber: 17, ...facts.tcb },
    qe: { ...level, evaluationDataNumber: 17 },
    pck: {
      fmspc: '00a067110000',
      ppid: '00'.repeat(16),
      pceId: '0000',
      cpuSvn: '01'.repeat(16),
      pceSvn: 1,
      ca: 'processor',
      sgxType: 'Standard',
      serialNumber: '01',
    },
    collateral: {
      earliestIssue: AT,
      latestIssue: AT,
      earliestExpiration: AT,
      latestExpiration: AT,
      expired: [],
      notYetValid: [],
      digests: {
        tcbInfo: 'a1',
        tcbInfoIssuerChain: 'a2',
        qeIdentity: 'a3',
        qeIdentityIssuerChain: 'a4',
        pckCrl: 'a5',
        pckCrlIssuerChain: 'a6',
        rootCaCrl: 'a7',
      },
      evaluationDataNumber: 17,
      oldestDocument: AT,
      rootKeyId: '00',
      without: [],
      ...facts.collateral,
    },
    checks: [],
    provenAt: AT,
  };
}
