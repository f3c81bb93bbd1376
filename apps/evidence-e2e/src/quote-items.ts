import type { Collateral } from '@touchstone/collateral';
import { signedDocument } from '@touchstone/collateral';
import type { Quote } from '@touchstone/quote';
import { parseOeEndorsements, parseOeReport, parseQuote } from '@touchstone/quote';
import type { PartialCollateral } from '@touchstone/verification';
import { caChain, signingChainAt } from './intel-roots';
import type { EvidenceItem } from './manifest';
import { fileOf, readEvidence, readText } from './manifest';

export const QUOTE_KINDS = ['sgx-quote-v3', 'oe-report', 'tdx-quote-v4', 'tdx-quote-v5'];

/** One expected verdict: a quote with one set of collateral at one instant. */
export interface ExpectedVerdict {
  readonly verdict: string;
  readonly now?: string;
  readonly tcbInfo?: DatedExpectation & {
    fmspc: string;
    tcbEvaluationDataNumber: number;
    version: number;
  };
  readonly qeIdentity?: DatedExpectation & { id: string; status: string; qeIsvSvn: number };
  readonly pckCrl?: CrlExpectation | null;
  readonly rootCaCrl?: CrlExpectation | null;
  readonly tcbStatus?: string;
  readonly overallTcbStatus?: string;
  readonly tcbDate?: string | null;
  readonly advisoryIDs?: readonly string[];
  readonly tdxModule?: { id: string; status: string | null; adv?: readonly string[] };
  readonly collateralFiles?: Readonly<Record<keyof CollateralFiles, string | null>>;
}

interface DatedExpectation {
  readonly issueDate: string;
  readonly nextUpdate: string;
  readonly fresh: boolean;
}

interface CrlExpectation {
  readonly issuer: string;
  readonly fresh: boolean;
}

interface CollateralFiles {
  readonly tcbInfo: string;
  readonly qeIdentity: string;
  readonly pckCrl: string;
  readonly rootCaCrl: string;
}

export const verdictsOf = (item: EvidenceItem): readonly ExpectedVerdict[] =>
  (item.expected as { verdicts: ExpectedVerdict[] }).verdicts;

/** A line of comment that one upstream put in front of its binaries. */
const COMMENT = '# Copyright';

function withoutComment(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes.subarray(0, 256)).toString('latin1');
  if (!text.startsWith(COMMENT)) return bytes;
  return bytes.subarray(81);
}

/** The quote of an item, whatever stands around it, and what follows it. */
export function quoteOf(item: EvidenceItem): Quote {
  const file = fileOf(item, 'quote.bin', 'oe-report.bin', 'evidence');
  const bytes = withoutComment(readEvidence(file));
  const quote = file.endsWith('oe-report.bin') ? parseOeReport(bytes).quote : bytes;
  return parseQuote(quote, { trailing: 'return' });
}

/** The collateral files that a verdict names, with Intel's certificates of its instant. */
export function collateralOf(verdict: ExpectedVerdict, at: Date): PartialCollateral {
  const files = verdict.collateralFiles;
  if (files === undefined) return {};
  const part = (name: keyof CollateralFiles): Uint8Array =>
    files[name] === null ? new Uint8Array() : readEvidence(files[name]);
  return {
    tcbInfo: part('tcbInfo'),
    tcbInfoIssuerChain: signingChainAt(at),
    qeIdentity: part('qeIdentity'),
    qeIdentityIssuerChain: signingChainAt(at),
    pckCrl: part('pckCrl'),
    pckCrlIssuerChain: verdict.pckCrl ? caChain(verdict.pckCrl.issuer) : '',
    rootCaCrl: part('rootCaCrl'),
  };
}

/** The collateral that came with an item in a file of its own, when one did. */
export function ownCollateral(item: EvidenceItem): Collateral | undefined {
  const json = item.files.find((file) => file.endsWith('collateral.json'));
  if (json !== undefined) return fromIntelStructure(JSON.parse(readText(json)) as IntelCollateral);
  const endorsements = item.files.find((file) => file.endsWith('endorsements'));
  return endorsements === undefined
    ? undefined
    : parseOeEndorsements(withoutComment(readEvidence(endorsements)));
}

/** Intel's collateral structure as JSON: documents without their signatures, CRLs as hex. */
type IntelCollateral = Readonly<
  Record<
    | 'tcb_info'
    | 'tcb_info_signature'
    | 'tcb_info_issuer_chain'
    | 'qe_identity'
    | 'qe_identity_signature'
    | 'qe_identity_issuer_chain'
    | 'pck_crl'
    | 'pck_crl_issuer_chain'
    | 'root_ca_crl',
    string
  >
>;

function fromIntelStructure(json: IntelCollateral): Collateral {
  const document = (
    member: 'tcbInfo' | 'enclaveIdentity',
    inner: string,
    signature: string,
  ): Uint8Array => signedDocument(member, Buffer.from(inner), Buffer.from(signature, 'hex'));
  return {
    tcbInfo: document('tcbInfo', json.tcb_info, json.tcb_info_signature),
    tcbInfoIssuerChain: json.tcb_info_issuer_chain,
    qeIdentity: document('enclaveIdentity', json.qe_identity, json.qe_identity_signature),
    qeIdentityIssuerChain: json.qe_identity_issuer_chain,
    pckCrl: Buffer.from(json.pck_crl, 'hex'),
    pckCrlIssuerChain: json.pck_crl_issuer_chain,
    rootCaCrl: Buffer.from(json.root_ca_crl, 'hex'),
  };
}
