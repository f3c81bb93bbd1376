import type { EnclaveIdentity, TcbInfo, TcbLevel } from '@touchstone/collateral';
import { parseEnclaveIdentity, parseTcbInfo } from '@touchstone/collateral';
import type { Certificate, Crl } from '@touchstone/pki';
import type { CertificateMemo } from './certificate-memo';
import { hasSigned, isCa, isSelfIssued, named, readChain } from './certificates';
import { requireNotRevoked } from './revocation';
import { sortLevels } from './tcb-levels';
import type { Trail } from './trail';
import type { TrustAnchor } from './trust-anchor';
import { findAnchor } from './trust-anchor';
import type { Validity } from './validity';
import { validityOf, validityOfChain } from './validity';

/** What stands over a signed document: where its signer must lead, and what revokes it. */
export interface DocumentTrust {
  /** One for the documents of a quote: that of its platform. */
  readonly anchors: readonly TrustAnchor[];
  readonly rootCrl: Crl | undefined;
  readonly memo: CertificateMemo;
}

export interface VerifiedTcbInfo {
  readonly tcbInfo: TcbInfo;
  /** Highest first. */
  readonly levels: readonly TcbLevel[];
  readonly validities: readonly Validity[];
}

export interface VerifiedQeIdentity {
  readonly identity: EnclaveIdentity;
  readonly validities: readonly Validity[];
}

type DocumentName = 'tcb-info' | 'qe-identity';

const SIGNING_CHAIN_LENGTH = 2;

/** QVL's `sgxAttestationVerifyTCBInfo`; `body` is the whole answer, signature included. */
export function verifyTcbInfo(
  trail: Trail,
  body: Uint8Array,
  chainPem: string,
  trust: DocumentTrust,
): VerifiedTcbInfo {
  const tcbInfo = trail.attempt('tcb-info-format', 'TCB_INFO_MALFORMED', () => parseTcbInfo(body));
  const chain = verifySigningChain(trail, 'tcb-info', chainPem, trust);
  const signed = hasSigned(chain.signer, tcbInfo.signedBytes, tcbInfo.signature);
  trail.require('tcb-info-signature', signed, 'TCB_INFO_INVALID_SIGNATURE', {
    expected: chain.signer.subject.text,
  });
  const dates = validityOf('tcb-info', [tcbInfo.issueDate], [tcbInfo.nextUpdate]);
  return { tcbInfo, levels: sortLevels(tcbInfo.tcbLevels), validities: [chain.validity, dates] };
}

/** QVL's `sgxAttestationVerifyEnclaveIdentity`; `body` is the whole answer, signature included. */
export function verifyQeIdentity(
  trail: Trail,
  body: Uint8Array,
  chainPem: string,
  trust: DocumentTrust,
): VerifiedQeIdentity {
  const identity = trail.attempt('qe-identity-format', 'QE_IDENTITY_MALFORMED', () =>
    parseEnclaveIdentity(body),
  );
  const chain = verifySigningChain(trail, 'qe-identity', chainPem, trust);
  const signed = hasSigned(chain.signer, identity.signedBytes, identity.signature);
  trail.require('qe-identity-signature', signed, 'QE_IDENTITY_INVALID_SIGNATURE', {
    expected: chain.signer.subject.text,
  });
  const dates = validityOf('qe-identity', [identity.issueDate], [identity.nextUpdate]);
  return { identity, validities: [chain.validity, dates] };
}

interface SigningChain {
  readonly signer: Certificate;
  readonly validity: Validity;
}

function verifySigningChain(
  trail: Trail,
  document: DocumentName,
  pem: string,
  { anchors, rootCrl, memo }: DocumentTrust,
): SigningChain {
  const chain = readChain(trail, `${document}-issuer-chain`, pem, SIGNING_CHAIN_LENGTH, memo);
  const { root, signer } = findRoles(trail, document, chain);
  const rootSigned = isCa(root) && memo.isIssuedBy(root, root);
  trail.require(`${document}-root-ca-signature`, rootSigned, 'ROOT_CA_INVALID_ISSUER');
  trail.require(
    `${document}-signer-issuer`,
    memo.isIssuedBy(signer, root),
    'TCB_SIGNING_CERT_INVALID_ISSUER',
    {
      read: signer.issuer.text,
      expected: `name and signature of ${root.subject.text}`,
    },
  );
  requireNotRevoked(
    trail,
    `${document}-signer-not-revoked`,
    signer,
    rootCrl,
    'TCB_SIGNING_CERT_REVOKED',
  );
  const anchor = findAnchor(anchors, root.publicKeyBytes);
  trail.require(
    `${document}-trust-anchor`,
    anchor !== undefined,
    'TCB_SIGNING_CERT_CHAIN_UNTRUSTED',
    {
      expected: anchors.map(({ name }) => name).join(' or '),
    },
  );
  return { signer, validity: validityOfChain(`${document}-issuer-chain`, chain) };
}

function findRoles(trail: Trail, document: DocumentName, chain: readonly Certificate[]) {
  const names = chain.map((certificate) => certificate.subject.commonName ?? 'no name').join(', ');
  const root = chain.find(
    (certificate) => isSelfIssued(certificate) && named(certificate, 'SGX Root CA'),
  );
  if (root === undefined) {
    return trail.fail(`${document}-root-ca-present`, 'ROOT_CA_MISSING', {
      read: names,
      expected: 'SGX Root CA',
    });
  }
  trail.passed(`${document}-root-ca-present`);
  const signer = chain.find((certificate) => certificate !== root);
  if (signer === undefined || !named(signer, 'SGX TCB Signing')) {
    return trail.fail(`${document}-signer-present`, 'TCB_SIGNING_CERT_MISSING', {
      read: names,
      expected: 'SGX TCB Signing',
    });
  }
  trail.passed(`${document}-signer-present`, { read: signer.serialNumber });
  return { root, signer };
}
