import { sha256, sha384, toHex } from '@touchstone/bytes';
import type { PckExtension } from '@touchstone/collateral';
import { parsePckExtension } from '@touchstone/collateral';
import type { Certificate } from '@touchstone/pki';
import type { CertificateMemo } from './certificate-memo';
import { isCa, isSelfIssued, named, readChain } from './certificates';
import type { Trail } from './trail';
import type { TrustAnchor } from './trust-anchor';
import { findAnchor } from './trust-anchor';
import type { Validity } from './validity';
import { validityOfChain } from './validity';
import type { PckFacts } from './verified-quote';

/** A PCK certificate that leads to a trusted root. Whether it is revoked or too old is asked elsewhere. */
export interface PckChain {
  readonly anchor: TrustAnchor;
  readonly root: Certificate;
  readonly intermediate: Certificate;
  readonly leaf: Certificate;
  readonly extension: PckExtension;
  readonly facts: PckFacts;
  /** SHA-256 over those of root and intermediate, hex: whose CRLs and documents belong here. */
  readonly issuersId: string;
  /** SHA-384 of the root's key, hex. */
  readonly rootKeyId: string;
  readonly validity: Validity;
}

const CHAIN_LENGTH = 3;

/** Steps 1 to 10 of QVL's `sgxAttestationVerifyPCKCertificate`, the CRLs apart. The order in the PEM does not matter. */
export function verifyPckChain(
  trail: Trail,
  pem: string | Uint8Array,
  anchors: readonly TrustAnchor[],
  memo: CertificateMemo,
): PckChain {
  const chain = readChain(trail, 'pck-chain', pem, CHAIN_LENGTH, memo);
  const { root, intermediate, leaf } = findRoles(trail, chain);
  const extension = readExtension(trail, leaf);
  requireIssuers(trail, { root, intermediate, leaf }, memo);
  const anchor = requireAnchor(trail, root, anchors);
  return {
    anchor,
    root,
    intermediate,
    leaf,
    extension,
    facts: factsOf(extension, leaf, intermediate),
    issuersId: toHex(sha256(sha256(root.der), sha256(intermediate.der))),
    rootKeyId: toHex(sha384(root.publicKeyBytes)),
    validity: validityOfChain('pck-chain', chain),
  };
}

interface Roles {
  readonly root: Certificate;
  readonly intermediate: Certificate;
  readonly leaf: Certificate;
}

function findRoles(trail: Trail, chain: readonly Certificate[]): Roles {
  const names = chain.map((certificate) => certificate.subject.commonName ?? 'no name').join(', ');
  const root = chain.find(
    (certificate) => isSelfIssued(certificate) && named(certificate, 'SGX Root CA'),
  );
  if (root === undefined) {
    return trail.fail('root-ca-present', 'ROOT_CA_MISSING', {
      read: names,
      expected: 'SGX Root CA',
    });
  }
  trail.passed('root-ca-present');
  const others = chain.filter((certificate) => certificate !== root);
  const intermediate = others.find((certificate) => named(certificate, 'CA'));
  if (intermediate === undefined) {
    return trail.fail('intermediate-ca-present', 'INTERMEDIATE_CA_MISSING', {
      read: names,
      expected: 'CA',
    });
  }
  trail.passed('intermediate-ca-present', { read: intermediate.subject.commonName ?? '' });
  const leaf = others.find((certificate) => certificate !== intermediate);
  if (leaf === undefined || !named(leaf, 'SGX PCK Certificate')) {
    return trail.fail('pck-present', 'PCK_MISSING', {
      read: names,
      expected: 'SGX PCK Certificate',
    });
  }
  trail.passed('pck-present', { read: leaf.serialNumber });
  return { root, intermediate, leaf };
}

function readExtension(trail: Trail, leaf: Certificate): PckExtension {
  return trail.attempt('pck-sgx-extension', 'PCK_INVALID_EXTENSIONS', () =>
    parsePckExtension(leaf),
  );
}

function requireIssuers(
  trail: Trail,
  { root, intermediate, leaf }: Roles,
  memo: CertificateMemo,
): void {
  const mayIssue = isCa(root) && isCa(intermediate) && leaf.basicConstraints?.ca !== true;
  trail.require('ca-constraints', mayIssue, 'CERTIFICATE_UNSUPPORTED', {
    expected: 'root and intermediate are CAs that sign certificates, the PCK certificate is none',
  });
  trail.require('root-ca-signature', memo.isIssuedBy(root, root), 'ROOT_CA_INVALID_ISSUER');
  trail.require(
    'intermediate-ca-issuer',
    memo.isIssuedBy(intermediate, root),
    'INTERMEDIATE_CA_INVALID_ISSUER',
    { read: intermediate.issuer.text, expected: `name and signature of ${root.subject.text}` },
  );
  trail.require('pck-issuer', memo.isIssuedBy(leaf, intermediate), 'PCK_INVALID_ISSUER', {
    read: leaf.issuer.text,
    expected: `name and signature of ${intermediate.subject.text}`,
  });
}

// The key is pinned, not the certificate: Intel re-issued its root with the same key and another end date.
function requireAnchor(
  trail: Trail,
  root: Certificate,
  anchors: readonly TrustAnchor[],
): TrustAnchor {
  const anchor = findAnchor(anchors, root.publicKeyBytes);
  const expected = anchors.map(({ name }) => name).join(' or ') || 'an anchor, but none is given';
  if (anchor !== undefined) {
    trail.passed('trust-anchor', { read: anchor.name, expected });
    return anchor;
  }
  const read = `a root with key ${toHex(root.publicKeyBytes)}`;
  return trail.fail('trust-anchor', 'PCK_CHAIN_UNTRUSTED', { read, expected });
}

function factsOf(extension: PckExtension, leaf: Certificate, intermediate: Certificate): PckFacts {
  const { fmspc, ppid, pceId, tcb, sgxType, platformInstanceId, configuration } = extension;
  return {
    fmspc: toHex(fmspc),
    ppid: toHex(ppid),
    pceId: toHex(pceId),
    cpuSvn: toHex(tcb.cpuSvn),
    pceSvn: tcb.pceSvn,
    ca: named(intermediate, 'Platform') ? 'platform' : 'processor',
    sgxType,
    serialNumber: leaf.serialNumber,
    ...(platformInstanceId === undefined ? {} : { platformInstanceId: toHex(platformInstanceId) }),
    ...(configuration === undefined ? {} : { configuration }),
  };
}
