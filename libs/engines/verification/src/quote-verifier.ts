import { fromUtf8, sha256, toHex } from '@touchstone/bytes';
import type { Check } from '@touchstone/decision';
import type { Certificate, Crl } from '@touchstone/pki';
import type { Quote } from '@touchstone/quote';
import { CertificationDataType } from '@touchstone/quote';
import type { CollateralView, Omittable, PartialCollateral } from './collateral-view';
import { CollateralViews } from './collateral-view';
import { verifyCrlIssuerChain } from './crl-issuer-chain';
import { judgeQuote } from './judge-quote';
import { Lru } from './lru';
import type { PckChain } from './pck-chain';
import { verifyPckChain } from './pck-chain';
import { requireNotRevoked, verifyCrl } from './revocation';
import type { DocumentTrust, VerifiedQeIdentity, VerifiedTcbInfo } from './signed-documents';
import { verifyQeIdentity, verifyTcbInfo } from './signed-documents';
import { Trail } from './trail';
import type { TrustAnchor } from './trust-anchor';
import type { Validity } from './validity';
import { validityOfCrl } from './validity';
import type { VerifiedQuote } from './verified-quote';

/** Platforms whose verified chains are remembered, unless the caller says otherwise. */
export const DEFAULT_MEMO_ENTRIES = 1024;

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
  return createQuoteVerifier({ anchors, memoEntries: 16 }).verify(quote, collateral, at, options);
}

interface Remembered<Value> {
  readonly value: Value;
  readonly checks: readonly Check[];
}

class MemoisingVerifier implements QuoteVerifier {
  readonly #anchors: readonly TrustAnchor[];
  readonly #views = new CollateralViews();
  readonly #chains: Lru<Remembered<PckChain>>;
  readonly #crls: Lru<Remembered<Crl>>;
  readonly #tcbInfos: Lru<Remembered<VerifiedTcbInfo>>;
  readonly #identities: Lru<Remembered<VerifiedQeIdentity>>;
  readonly #issuerChains: Lru<Remembered<Validity>>;
  readonly #signatures: Lru<true>;

  constructor({ anchors, memoEntries = DEFAULT_MEMO_ENTRIES }: QuoteVerifierOptions) {
    this.#anchors = anchors.map(({ name, publicKey }) => ({ name, publicKey: publicKey.slice() }));
    this.#chains = new Lru(memoEntries);
    this.#crls = new Lru(memoEntries);
    this.#tcbInfos = new Lru(memoEntries);
    this.#identities = new Lru(memoEntries);
    this.#issuerChains = new Lru(memoEntries);
    this.#signatures = new Lru(memoEntries);
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
    const rootCrl = this.#crl(trail, 'root-ca-crl', view, chain.root, chain.rootId);
    const pckCrl = this.#crl(trail, 'pck-crl', view, chain.intermediate, chain.intermediateId);
    requireNotRevoked(
      trail,
      'intermediate-ca-not-revoked',
      chain.intermediate,
      rootCrl,
      'INTERMEDIATE_CA_REVOKED',
    );
    requireNotRevoked(trail, 'pck-not-revoked', chain.leaf, pckCrl, 'PCK_REVOKED');
    // One anchor for all: a document of one world never judges a platform of another.
    const trust = { anchors: [chain.anchor], rootCrl, memo: this.#signatures };
    const info = this.#tcbInfo(trail, view, trust, chain);
    const identity = this.#qeIdentity(trail, view, trust, chain);
    const validities = [
      chain.validity,
      ...(rootCrl ? [validityOfCrl('root-ca-crl', rootCrl)] : []),
      ...(pckCrl ? [validityOfCrl('pck-crl', pckCrl)] : []),
      ...this.#issuerChain(trail, view, chain),
      ...info.validities,
      ...identity.validities,
    ];
    return judgeQuote(trail, {
      quote,
      chain,
      info,
      identity,
      validities,
      rootCrl,
      pckCrl,
      view,
      at,
    });
  }

  #pckChain(trail: Trail, quote: Quote, looked: string | undefined): PckChain {
    const { type, bytes } = quote.certificationData;
    const carried = type === CertificationDataType.PCK_CHAIN ? bytes : undefined;
    const pem = carried ?? (looked === undefined ? undefined : fromUtf8(looked));
    if (pem === undefined) {
      return trail.fail('certification-data', 'QUOTE_CERTIFICATION_DATA_UNSUPPORTED', {
        read: `type ${type}`,
        expected: `type ${CertificationDataType.PCK_CHAIN}, or the certificate beside it`,
      });
    }
    trail.passed('certification-data', { read: `type ${type}` });
    return remember(this.#chains, toHex(sha256(pem)), trail, () =>
      verifyPckChain(trail, pem, this.#anchors, this.#signatures),
    );
  }

  #crl(
    trail: Trail,
    name: 'root-ca-crl' | 'pck-crl',
    { parts, digests, without }: CollateralView,
    issuer: Certificate,
    issuerId: string,
  ): Crl | undefined {
    if (without.includes(name)) return undefined;
    const part = name === 'pck-crl' ? 'pckCrl' : 'rootCaCrl';
    return remember(this.#crls, `${name}|${digests[part]}|${issuerId}`, trail, () =>
      verifyCrl(trail, name, parts[part], issuer),
    );
  }

  #tcbInfo(
    trail: Trail,
    view: CollateralView,
    trust: DocumentTrust,
    chain: PckChain,
  ): VerifiedTcbInfo {
    const { tcbInfo, tcbInfoIssuerChain, rootCaCrl } = view.digests;
    const key = `${tcbInfo}|${tcbInfoIssuerChain}|${rootCaCrl}|${chain.rootId}`;
    return remember(this.#tcbInfos, key, trail, () =>
      verifyTcbInfo(trail, view.parts.tcbInfo, view.parts.tcbInfoIssuerChain, trust),
    );
  }

  #qeIdentity(
    trail: Trail,
    view: CollateralView,
    trust: DocumentTrust,
    chain: PckChain,
  ): VerifiedQeIdentity {
    const { qeIdentity, qeIdentityIssuerChain, rootCaCrl } = view.digests;
    const key = `${qeIdentity}|${qeIdentityIssuerChain}|${rootCaCrl}|${chain.rootId}`;
    return remember(this.#identities, key, trail, () =>
      verifyQeIdentity(trail, view.parts.qeIdentity, view.parts.qeIdentityIssuerChain, trust),
    );
  }

  #issuerChain(
    trail: Trail,
    { parts, digests }: CollateralView,
    { anchor, rootId }: PckChain,
  ): readonly Validity[] {
    if (parts.pckCrlIssuerChain === '') return [];
    const key = `${digests.pckCrlIssuerChain}|${rootId}`;
    const validity = remember(this.#issuerChains, key, trail, () =>
      verifyCrlIssuerChain(trail, parts.pckCrlIssuerChain, anchor, this.#signatures),
    );
    return [validity];
  }
}

/** The value of `work` and the checks it made, remembered under a digest of all that it read. A throw is not. */
function remember<Value>(
  memo: Lru<Remembered<Value>>,
  key: string,
  trail: Trail,
  work: () => Value,
): Value {
  const known = memo.get(key);
  if (known !== undefined) {
    trail.append(known.checks);
    return known.value;
  }
  const mark = trail.checks.length;
  const value = work();
  memo.set(key, { value, checks: trail.since(mark) });
  return value;
}
