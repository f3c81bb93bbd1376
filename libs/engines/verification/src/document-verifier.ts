import type { EnclaveIdentity, TcbInfo } from '@touchstone/collateral';
import type { Check } from '@touchstone/decision';
import type { Crl } from '@touchstone/pki';
import { isSelfIssued } from './certificates';
import { CertificateMemo } from './certificate-memo';
import { requireNotRevoked, verifyCrl } from './revocation';
import { verifyQeIdentity, verifyTcbInfo } from './signed-documents';
import { Trail } from './trail';
import type { TrustAnchor } from './trust-anchor';
import { findAnchor } from './trust-anchor';
import type { DateFacts, Validity } from './validity';
import { noteDates, validityOfChain, validityOfCrl } from './validity';

/** Certificates of one document's issuer chain and its root, at most. */
const MEMO_ENTRIES = 8;

export interface DocumentOptions {
  readonly anchors: readonly TrustAnchor[];
  readonly at: Date;
  /** A verified CRL of the root; without one, revocation of the signer is not looked at, and the checks say so. */
  readonly rootCaCrl?: Crl;
}

/** A document that was proven by itself, without a quote: what a cache may keep. */
export interface VerifiedDocument<Document> {
  readonly document: Document;
  /** Being too old is a fact here as well. */
  readonly dates: DateFacts;
  readonly checks: readonly Check[];
}

/** @throws VerificationError */
export function verifyTcbInfoDocument(
  body: Uint8Array,
  issuerChain: string,
  { anchors, at, rootCaCrl }: DocumentOptions,
): VerifiedDocument<TcbInfo> {
  const trail = new Trail();
  const trust = { anchors, rootCrl: rootCaCrl, memo: new CertificateMemo(MEMO_ENTRIES) };
  const { tcbInfo, validities } = verifyTcbInfo(trail, body, issuerChain, trust);
  return verified(trail, tcbInfo, validities, at);
}

/** @throws VerificationError */
export function verifyEnclaveIdentityDocument(
  body: Uint8Array,
  issuerChain: string,
  { anchors, at, rootCaCrl }: DocumentOptions,
): VerifiedDocument<EnclaveIdentity> {
  const trail = new Trail();
  const trust = { anchors, rootCrl: rootCaCrl, memo: new CertificateMemo(MEMO_ENTRIES) };
  const { identity, validities } = verifyQeIdentity(trail, body, issuerChain, trust);
  return verified(trail, identity, validities, at);
}

/**
 * The CRL of the first certificate of `issuerChain`, which is the root itself or a CA that it issued.
 * @throws VerificationError
 */
export function verifyCrlDocument(
  bytes: Uint8Array,
  issuerChain: string,
  { anchors, at, rootCaCrl }: DocumentOptions,
): VerifiedDocument<Crl> {
  const trail = new Trail();
  const memo = new CertificateMemo(MEMO_ENTRIES);
  const chain = trail.attempt('pck-crl-issuer-chain-format', 'CERTIFICATE_UNSUPPORTED', () =>
    memo.readChain(issuerChain, 2),
  );
  const root = chain.find(isSelfIssued);
  const [issuer] = chain;
  if (root === undefined || issuer === undefined) {
    return trail.fail('root-ca-present', 'ROOT_CA_MISSING', {
      expected: 'a self-issued certificate',
    });
  }
  trail.require('root-ca-signature', memo.isIssuedBy(root, root), 'ROOT_CA_INVALID_ISSUER');
  trail.require(
    'intermediate-ca-issuer',
    memo.isIssuedBy(issuer, root),
    'INTERMEDIATE_CA_INVALID_ISSUER',
  );
  const anchor = findAnchor(anchors, root.publicKeyBytes);
  trail.require('trust-anchor', anchor !== undefined, 'PCK_CHAIN_UNTRUSTED');
  requireNotRevoked(
    trail,
    'intermediate-ca-not-revoked',
    issuer,
    rootCaCrl,
    'INTERMEDIATE_CA_REVOKED',
  );
  const name = issuer === root ? 'root-ca-crl' : 'pck-crl';
  const crl = verifyCrl(trail, name, bytes, issuer);
  const validities = [validityOfCrl(name, crl), validityOfChain('pck-crl-issuer-chain', chain)];
  return verified(trail, crl, validities, at);
}

function verified<Document>(
  trail: Trail,
  document: Document,
  validities: readonly Validity[],
  at: Date,
): VerifiedDocument<Document> {
  return { document, dates: noteDates(trail, validities, at), checks: trail.checks };
}
