import { toHex } from '@touchstone/bytes';
import { verifyEcdsaP256 } from '@touchstone/pki';
import type { Quote } from '@touchstone/quote';
import type { CollateralView } from './collateral-view';
import type { KeyMemo } from './key-memo';
import type { PckChain } from './pck-chain';
import { matchQeIdentity, requireKeyBinding, requireQeReportSignature } from './quoting-enclave';
import type { VerifiedTcbInfo } from './signed-documents';
import type { VerifiedDocuments, VerifiedLists } from './surroundings';
import type { TcbVerdict } from './tcb-verdict';
import { judgeTcb } from './tcb-verdict';
import { requireTdxModule } from './tdx-module';
import type { Trail } from './trail';
import { noteDates } from './validity';
import type { CollateralFacts, VerifiedQuote } from './verified-quote';

/** A quote, and everything that was found good around it. */
export interface QuoteQuestion {
  readonly quote: Quote;
  readonly chain: PckChain;
  readonly view: CollateralView;
  readonly lists: VerifiedLists;
  readonly documents: VerifiedDocuments;
  readonly keys: KeyMemo;
  readonly at: Date;
}

/** QVL's `sgxAttestationVerifyQuote` in its order: every signature is checked before any TCB level is looked at. */
export function judgeQuote(trail: Trail, question: QuoteQuestion): VerifiedQuote {
  const { quote, chain, lists, documents, at } = question;
  const { info, identity } = documents;
  const dates = noteDates(
    trail,
    [chain.validity, ...lists.validities, ...documents.validities],
    at,
  );
  requireTcbInfoMatch(trail, quote, chain, info);
  const moduleIdentity =
    quote.teeType === 'tdx' ? requireTdxModule(trail, quote.body, info.tcbInfo) : undefined;
  requireQeReportSignature(trail, quote, chain);
  requireKeyBinding(trail, quote);
  const qeLevel = matchQeIdentity(trail, quote, identity.identity);
  requireQuoteSignature(trail, quote, question.keys);
  const platform = chain.extension.tcb;
  const verdict = judgeTcb(trail, { quote, platform, info, qeLevel, moduleIdentity });
  return {
    quote,
    body: quote.body,
    anchor: chain.anchor.name,
    ...levelFacts(verdict, documents),
    pck: chain.facts,
    collateral: { ...dates, ...collateralFacts(question) },
    checks: trail.checks,
    provenAt: at,
  };
}

/** TCB info is of the platform that made the quote. */
export function requireTcbInfoMatch(
  trail: Trail,
  quote: Quote,
  chain: PckChain,
  { tcbInfo }: VerifiedTcbInfo,
): void {
  const wanted = quote.teeType.toUpperCase();
  trail.require('tcb-info-tee', tcbInfo.id === wanted, 'TCB_INFO_MISMATCH', {
    read: `${tcbInfo.id} version ${tcbInfo.version}`,
    expected: wanted,
  });
  const { fmspc, pceId } = chain.facts;
  trail.require('tcb-info-fmspc', tcbInfo.fmspc === fmspc, 'TCB_INFO_MISMATCH', {
    read: tcbInfo.fmspc,
    expected: fmspc,
  });
  trail.require('tcb-info-pceid', tcbInfo.pceId === pceId, 'TCB_INFO_MISMATCH', {
    read: tcbInfo.pceId,
    expected: pceId,
  });
}

/** The attestation key vouches for the body, over header and body as they arrived. */
export function requireQuoteSignature(trail: Trail, quote: Quote, keys: KeyMemo): void {
  const key = trail.attempt('attestation-key', 'ATTESTATION_KEY_INVALID', () =>
    keys.p256(quote.attestationKey),
  );
  const signed = verifyEcdsaP256(key, quote.signedBytes, quote.signature, 'ieee-p1363');
  trail.require('quote-signature', signed, 'QUOTE_INVALID_SIGNATURE', {
    expected: `the attestation key ${toHex(quote.attestationKey)}`,
  });
}

function levelFacts(verdict: TcbVerdict, { info, identity }: VerifiedDocuments) {
  const { status, level, qe, tdxModule } = verdict;
  return {
    tcb: {
      status,
      levelStatus: level.status,
      date: level.date,
      advisoryIds: level.advisoryIds,
      evaluationDataNumber: info.tcbInfo.tcbEvaluationDataNumber,
    },
    qe: { ...qe, evaluationDataNumber: identity.identity.tcbEvaluationDataNumber },
    ...(tdxModule === undefined ? {} : { tdxModule }),
  };
}

function collateralFacts(
  question: QuoteQuestion,
): Omit<CollateralFacts, keyof ReturnType<typeof noteDates>> {
  const { documents, lists, chain, view } = question;
  const { info, identity } = documents;
  const { rootCrl, pckCrl } = lists;
  return {
    digests: view.digests,
    evaluationDataNumber: Math.min(
      info.tcbInfo.tcbEvaluationDataNumber,
      identity.identity.tcbEvaluationDataNumber,
    ),
    oldestDocument: new Date(
      Math.min(info.tcbInfo.issueDate.getTime(), identity.identity.issueDate.getTime()),
    ),
    ...(rootCrl?.crlNumber === undefined ? {} : { rootCaCrlNumber: rootCrl.crlNumber }),
    ...(pckCrl?.crlNumber === undefined ? {} : { pckCrlNumber: pckCrl.crlNumber }),
    rootKeyId: chain.rootKeyId,
    without: view.without,
  };
}
