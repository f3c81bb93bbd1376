import type { Collateral } from '@touchstone/collateral';
import type { Quote } from '@touchstone/quote';
import { CertificateMemo } from './certificate-memo';
import { requirePckChainPem } from './certification';
import type { Omittable, PartialCollateral } from './collateral-view';
import { requireQuoteSignature, requireTcbInfoMatch } from './judge-quote';
import { KeyMemo } from './key-memo';
import type { PckChain } from './pck-chain';
import { verifyPckChain } from './pck-chain';
import { matchQeIdentity, requireKeyBinding, requireQeReportSignature } from './quoting-enclave';
import { requireNotRevoked } from './revocation';
import type { DocumentTrust, VerifiedQeIdentity, VerifiedTcbInfo } from './signed-documents';
import { verifyQeIdentity, verifyTcbInfo } from './signed-documents';
import { verifyLists } from './surroundings';
import { componentStatus } from './tcb-status';
import { judgePlatformTcb, judgeTcb } from './tcb-verdict';
import { requireTdxModule } from './tdx-module';
import { Trail } from './trail';
import type { TrustAnchor } from './trust-anchor';
import type { DateFacts } from './validity';
import { noteDates } from './validity';
import type { CollateralFacts, VerifiedQuote } from './verified-quote';

/** Everything beside the quote that somebody may judge without, saying so. */
export type CollateralPart = Omittable | 'tcb-info' | 'qe-identity';

export interface PartialOptions {
  readonly anchors: readonly TrustAnchor[];
  readonly at: Date;
  readonly without: readonly CollateralPart[];
  /** As in `VerifyOptions`. */
  readonly pckCertificateChain?: string;
}

/**
 * What is proven of a quote when parts of its collateral are left out. It is no `VerifiedQuote`, so that nothing that
 * needs the whole proof can be handed this one by mistake.
 */
export interface PartlyVerifiedQuote extends Omit<VerifiedQuote, 'tcb' | 'qe' | 'collateral'> {
  /** Absent without TCB info; without an identity, the status of the platform and its TDX module alone. */
  readonly tcb?: VerifiedQuote['tcb'];
  /** Absent without an identity, and when no level of it applies. */
  readonly qe?: VerifiedQuote['qe'];
  readonly collateral: DateFacts &
    Pick<CollateralFacts, 'rootKeyId' | 'rootCaCrlNumber' | 'pckCrlNumber'>;
  readonly without: readonly CollateralPart[];
}

/**
 * The steps of `verifyQuote` in the same order, without those that need the parts left out: each of them is `skipped` in
 * the checks. The quote's own signatures and its PCK chain are always verified.
 * @throws VerificationError
 */
export function verifyQuotePartly(
  quote: Quote,
  collateral: PartialCollateral,
  { anchors, at, without, pckCertificateChain }: PartialOptions,
): PartlyVerifiedQuote {
  const trail = new Trail();
  const memo = new CertificateMemo(MEMO_ENTRIES);
  const parts = requireParts(trail, collateral, without);
  const pem = requirePckChainPem(trail, quote, pckCertificateChain);
  const chain = verifyPckChain(trail, pem, anchors, memo);
  const lists = verifyLists(trail, { parts, without: without.filter(isOmittable) }, chain, memo);
  requireNotRevoked(trail, 'pck-not-revoked', chain.leaf, lists.pckCrl, 'PCK_REVOKED');
  const trust = { anchors: [chain.anchor], rootCrl: lists.rootCrl, memo };
  const documents = verifyDocumentsOf(trail, parts, trust, without);
  const validities = [chain.validity, ...lists.validities, ...documents.validities];
  const dates = noteDates(trail, validities, at);
  const verdict = judge(trail, quote, chain, documents);
  const { rootCrl, pckCrl } = lists;
  return {
    quote,
    body: quote.body,
    anchor: chain.anchor.name,
    ...verdict,
    pck: chain.facts,
    collateral: {
      ...dates,
      rootKeyId: chain.rootKeyId,
      ...(rootCrl?.crlNumber === undefined ? {} : { rootCaCrlNumber: rootCrl.crlNumber }),
      ...(pckCrl?.crlNumber === undefined ? {} : { pckCrlNumber: pckCrl.crlNumber }),
    },
    without: [...without],
    checks: trail.checks,
    provenAt: at,
  };
}

const MEMO_ENTRIES = 16;

const isOmittable = (part: CollateralPart): part is Omittable =>
  part === 'pck-crl' || part === 'root-ca-crl';

/** What each part is made of. */
const MEMBERS: Readonly<Record<CollateralPart, readonly (keyof Collateral)[]>> = {
  'tcb-info': ['tcbInfo', 'tcbInfoIssuerChain'],
  'qe-identity': ['qeIdentity', 'qeIdentityIssuerChain'],
  'pck-crl': ['pckCrl'],
  'root-ca-crl': ['rootCaCrl'],
};

const PART_NAMES = Object.keys(MEMBERS) as CollateralPart[];

function requireParts(
  trail: Trail,
  collateral: PartialCollateral,
  without: readonly CollateralPart[],
): Collateral {
  const wanted = PART_NAMES.filter((part) => !without.includes(part));
  const missing = wanted
    .flatMap((part) => MEMBERS[part])
    .find((member) => (collateral[member]?.length ?? 0) === 0);
  trail.require('collateral-present', missing === undefined, 'COLLATERAL_MISSING', {
    ...(missing === undefined ? {} : { expected: missing }),
    ...(without.length === 0 ? {} : { detail: `without ${without.join(', ')}` }),
  });
  return {
    tcbInfo: new Uint8Array(collateral.tcbInfo ?? []),
    tcbInfoIssuerChain: collateral.tcbInfoIssuerChain ?? '',
    qeIdentity: new Uint8Array(collateral.qeIdentity ?? []),
    qeIdentityIssuerChain: collateral.qeIdentityIssuerChain ?? '',
    pckCrl: new Uint8Array(collateral.pckCrl ?? []),
    pckCrlIssuerChain: collateral.pckCrlIssuerChain ?? '',
    rootCaCrl: new Uint8Array(collateral.rootCaCrl ?? []),
  };
}

interface Documents {
  readonly info: VerifiedTcbInfo | undefined;
  readonly identity: VerifiedQeIdentity | undefined;
  readonly validities: VerifiedTcbInfo['validities'];
}

const LEFT_OUT = { detail: 'judged without it' };

function verifyDocumentsOf(
  trail: Trail,
  parts: Collateral,
  trust: DocumentTrust,
  without: readonly CollateralPart[],
): Documents {
  const info = without.includes('tcb-info')
    ? undefined
    : verifyTcbInfo(trail, parts.tcbInfo, parts.tcbInfoIssuerChain, trust);
  if (info === undefined) trail.skipped('tcb-info-signature', LEFT_OUT);
  const identity = without.includes('qe-identity')
    ? undefined
    : verifyQeIdentity(trail, parts.qeIdentity, parts.qeIdentityIssuerChain, trust);
  if (identity === undefined) trail.skipped('qe-identity-signature', LEFT_OUT);
  const validities = [...(info?.validities ?? []), ...(identity?.validities ?? [])];
  return { info, identity, validities };
}

/** `judgeQuote` with holes: the order is the same, and every signature comes before any TCB level. */
function judge(
  trail: Trail,
  quote: Quote,
  chain: PckChain,
  { info, identity }: Documents,
): Pick<PartlyVerifiedQuote, 'tcb' | 'qe' | 'tdxModule'> {
  if (info === undefined) trail.skipped('tcb-info-fmspc', LEFT_OUT);
  else requireTcbInfoMatch(trail, quote, chain, info);
  const isTdx = quote.teeType === 'tdx';
  const moduleIdentity =
    isTdx && info !== undefined ? requireTdxModule(trail, quote.body, info.tcbInfo) : undefined;
  requireQeReportSignature(trail, quote, chain);
  requireKeyBinding(trail, quote);
  const qeLevel = identity && matchQeIdentity(trail, quote, identity.identity);
  if (identity === undefined) trail.skipped('qe-mrsigner', LEFT_OUT);
  requireQuoteSignature(trail, quote, new KeyMemo(1));
  const platform = chain.extension.tcb;
  if (info !== undefined && identity !== undefined) {
    const { qe, ...verdict } = judgeTcb(trail, { quote, platform, info, qeLevel, moduleIdentity });
    return { ...tcbFacts(verdict, info), ...qeFacts(qe, identity) };
  }
  if (info !== undefined) {
    trail.skipped('qe-tcb-level', LEFT_OUT);
    return tcbFacts(judgePlatformTcb(trail, { quote, platform, info, moduleIdentity }), info);
  }
  trail.skipped('tcb-level', LEFT_OUT);
  if (identity === undefined) return {};
  return requireQe(trail, qeLevel, identity);
}

/** A quoting enclave alone: what its identity refuses stays refused without TCB info. */
function requireQe(
  trail: Trail,
  level: VerifiedQeIdentity['identity']['tcbLevels'][number] | undefined,
  identity: VerifiedQeIdentity,
): Pick<PartlyVerifiedQuote, 'qe'> {
  const status = componentStatus(level?.tcbStatus);
  trail.require('qe-tcb-level', level !== undefined, 'TCB_NOT_SUPPORTED', { read: status });
  trail.require('qe-tcb-status', status !== 'Revoked', 'TCB_REVOKED', { read: status });
  if (level === undefined) return {};
  const { tcbStatus, tcbDate, advisoryIds } = level;
  return qeFacts({ status: tcbStatus, date: tcbDate, advisoryIds }, identity);
}

function tcbFacts(
  { status, level, tdxModule }: ReturnType<typeof judgePlatformTcb>,
  { tcbInfo }: VerifiedTcbInfo,
): Pick<PartlyVerifiedQuote, 'tcb' | 'tdxModule'> {
  const evaluationDataNumber = tcbInfo.tcbEvaluationDataNumber;
  const { status: levelStatus, ...facts } = level;
  return {
    tcb: { status, levelStatus, ...facts, evaluationDataNumber },
    ...(tdxModule === undefined ? {} : { tdxModule }),
  };
}

const qeFacts = (
  qe: ReturnType<typeof judgeTcb>['qe'],
  { identity }: VerifiedQeIdentity,
): Pick<PartlyVerifiedQuote, 'qe'> => ({
  qe: { ...qe, evaluationDataNumber: identity.tcbEvaluationDataNumber },
});
