import type { Crl } from '@touchstone/pki';
import type { CertificateMemo } from './certificate-memo';
import type { CollateralView } from './collateral-view';
import { verifyCrlIssuerChain } from './crl-issuer-chain';
import type { PckChain } from './pck-chain';
import { requireNotRevoked, verifyCrl } from './revocation';
import type { VerifiedQeIdentity, VerifiedTcbInfo } from './signed-documents';
import { verifyQeIdentity, verifyTcbInfo } from './signed-documents';
import type { Trail } from './trail';
import type { Validity } from './validity';
import { validityOfCrl } from './validity';

/** Both CRLs, as far as they are looked at. */
export interface VerifiedLists {
  readonly rootCrl: Crl | undefined;
  readonly pckCrl: Crl | undefined;
  readonly validities: readonly Validity[];
}

/** Steps 11 to 15 of QVL's `sgxAttestationVerifyPCKCertificate`; whether the PCK certificate is revoked comes after. */
export function verifyLists(
  trail: Trail,
  { parts, without }: Pick<CollateralView, 'parts' | 'without'>,
  chain: PckChain,
  memo: CertificateMemo,
): VerifiedLists {
  const rootCrl = without.includes('root-ca-crl')
    ? undefined
    : verifyCrl(trail, 'root-ca-crl', parts.rootCaCrl, chain.root);
  const pckCrl = without.includes('pck-crl')
    ? undefined
    : verifyCrl(trail, 'pck-crl', parts.pckCrl, chain.intermediate);
  const issuerChain =
    parts.pckCrlIssuerChain === ''
      ? []
      : [verifyCrlIssuerChain(trail, parts.pckCrlIssuerChain, chain.anchor, memo)];
  requireNotRevoked(
    trail,
    'intermediate-ca-not-revoked',
    chain.intermediate,
    rootCrl,
    'INTERMEDIATE_CA_REVOKED',
  );
  const validities = [
    ...(rootCrl ? [validityOfCrl('root-ca-crl', rootCrl)] : []),
    ...(pckCrl ? [validityOfCrl('pck-crl', pckCrl)] : []),
    ...issuerChain,
  ];
  return { rootCrl, pckCrl, validities };
}

export interface VerifiedDocuments {
  readonly info: VerifiedTcbInfo;
  readonly identity: VerifiedQeIdentity;
  readonly validities: readonly Validity[];
}

/** TCB info and identity. One anchor for all: a document of one world never judges a platform of another. */
export function verifyDocuments(
  trail: Trail,
  { parts }: CollateralView,
  { anchor }: PckChain,
  { rootCrl }: VerifiedLists,
  memo: CertificateMemo,
): VerifiedDocuments {
  const trust = { anchors: [anchor], rootCrl, memo };
  const info = verifyTcbInfo(trail, parts.tcbInfo, parts.tcbInfoIssuerChain, trust);
  const identity = verifyQeIdentity(trail, parts.qeIdentity, parts.qeIdentityIssuerChain, trust);
  return { info, identity, validities: [...info.validities, ...identity.validities] };
}
