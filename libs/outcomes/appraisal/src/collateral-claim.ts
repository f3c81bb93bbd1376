import { CollateralMember } from '@touchstone/claims';
import type { CollateralDigests } from '@touchstone/collateral';

/**
 * Hashes of what was judged, lower-case hex SHA-256. The evidence is hashed as it was sent, an Open
 * Enclave header included; documents as the cache served them: whole bodies, chains as PEM text, and
 * the root's CRL, which is the one that both signing chains are held against.
 */
export function collateralClaim(
  evidenceDigest: string,
  digests: CollateralDigests,
): Readonly<Record<string, string>> {
  return {
    [CollateralMember.quote]: evidenceDigest,
    [CollateralMember.qeIdentity]: digests.qeIdentity,
    [CollateralMember.qeIdentityCertificates]: digests.qeIdentityIssuerChain,
    [CollateralMember.qeIdentityCrl]: digests.rootCaCrl,
    [CollateralMember.tcbInfo]: digests.tcbInfo,
    [CollateralMember.tcbInfoCertificates]: digests.tcbInfoIssuerChain,
    [CollateralMember.tcbInfoCrl]: digests.rootCaCrl,
  };
}
