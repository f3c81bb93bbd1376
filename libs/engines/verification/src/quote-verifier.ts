import { sha256Hex } from '@touchstone/bytes';
import type { Quote } from '@touchstone/quote';
import { CertificateMemo } from './certificate-memo';
import { requirePckChainPem } from './certification';
import type { Omittable, PartialCollateral } from './collateral-view';
import { CollateralViews } from './collateral-view';
import { judgeQuote } from './judge-quote';
import { KeyMemo } from './key-memo';
import { Memo } from './memo';
import type { PckChain } from './pck-chain';
import { verifyPckChain } from './pck-chain';
import { requireNotRevoked } from './revocation';
import type { VerifiedDocuments, VerifiedLists } from './surroundings';
import { verifyDocuments, verifyLists } from './surroundings';
import { Trail } from './trail';
import type { TrustAnchor } from './trust-anchor';
import type { VerifiedQuote } from './verified-quote';

/** Platforms whose verified chains are remembered, unless the caller says otherwise. */
export const DEFAULT_MEMO_ENTRIES = 1024;

/** Sets of collateral (one per FMSPC and CA, and their successors) whose verified documents are remembered, at most. */
const MAX_MEMO_COLLATERAL = 128;

/** Certificates of one verification: that of the platform, the CAs above it, and a signer. */
const ONE_SHOT_MEMO_ENTRIES = 16;

export interface QuoteVerifierOptions {
  /** Roots that are believed. */
  readonly anchors: readonly TrustAnchor[];
  /** Bound of each kind of remembered result. */
  readonly memoEntries?: number;
}

export interface VerifyOptions {
  /** CRLs to do without; said in the result. */
  readonly without?: readonly Omittable[];
  /** PEM of PCK certificate, intermediate and root, for a quote that carries no chain of its own. */
  readonly pckCertificateChain?: string;
}

export interface QuoteVerifier {
  /**
   * Everything of Intel's DCAP verification at the instant `at`. Expired documents are facts of the result.
   * @throws VerificationError for whatever is forged, broken, revoked or unknown
   */
  verify(
    quote: Quote,
    collateral: PartialCollateral,
    at: Date,
    options?: VerifyOptions,
  ): VerifiedQuote;
}

/**
 * A verifier that remembers, by digest of their bytes, chains and documents that it found good: a second quote of the
 * same platform costs two signature verifications. Only good results are remembered, dates and revocation are asked
 * again each time, and nothing is remembered beyond the bound.
 */
export function createQuoteVerifier(options: QuoteVerifierOptions): QuoteVerifier {
  return new MemoisingVerifier(options);
}

/** One verification, nothing remembered. */
export function verifyQuote(
  quote: Quote,
  collateral: PartialCollateral,
  {
    anchors,
    at,
    ...options
  }: { readonly anchors: readonly TrustAnchor[]; readonly at: Date } & VerifyOptions,
): VerifiedQuote {
  return createQuoteVerifier({ anchors, memoEntries: ONE_SHOT_MEMO_ENTRIES }).verify(
    quote,
    collateral,
    at,
    options,
  );
}

class MemoisingVerifier implements QuoteVerifier {
  readonly #anchors: readonly TrustAnchor[];
  readonly #views = new CollateralViews();
  readonly #chains: Memo<PckChain>;
  readonly #lists: Memo<VerifiedLists>;
  readonly #documents: Memo<VerifiedDocuments>;
  readonly #certificates: CertificateMemo;
  readonly #keys: KeyMemo;

  constructor({ anchors, memoEntries = DEFAULT_MEMO_ENTRIES }: QuoteVerifierOptions) {
    const collateralEntries = Math.min(memoEntries, MAX_MEMO_COLLATERAL);
    this.#anchors = anchors.map(({ name, publicKey }) => ({ name, publicKey: publicKey.slice() }));
    this.#chains = new Memo(memoEntries);
    this.#lists = new Memo(collateralEntries);
    this.#documents = new Memo(collateralEntries);
    this.#certificates = new CertificateMemo(memoEntries);
    this.#keys = new KeyMemo(memoEntries);
  }

  verify(
    quote: Quote,
    collateral: PartialCollateral,
    at: Date,
    { without = [], pckCertificateChain }: VerifyOptions = {},
  ): VerifiedQuote {
    const trail = new Trail();
    const view = this.#views.view(trail, collateral, without);
    const chain = this.#pckChain(trail, quote, pckCertificateChain);
    const key = `${view.id}|${chain.issuersId}`;
    const lists = this.#lists.remember(key, trail, () =>
      verifyLists(trail, view, chain, this.#certificates),
    );
    requireNotRevoked(trail, 'pck-not-revoked', chain.leaf, lists.pckCrl, 'PCK_REVOKED');
    const documents = this.#documents.remember(key, trail, () =>
      verifyDocuments(trail, view, chain, lists, this.#certificates),
    );
    return judgeQuote(trail, { quote, chain, view, lists, documents, keys: this.#keys, at });
  }

  #pckChain(trail: Trail, quote: Quote, looked: string | undefined): PckChain {
    const pem = requirePckChainPem(trail, quote, looked);
    return this.#chains.remember(sha256Hex(pem), trail, () =>
      verifyPckChain(trail, pem, this.#anchors, this.#certificates),
    );
  }
}
