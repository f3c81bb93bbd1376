import { toHex, toUtf8 } from '@touchstone/bytes';
import type { Collateral } from '@touchstone/collateral';
import { parseEnclaveIdentity, parseTcbInfo } from '@touchstone/collateral';

/** Collateral in one JSON with the names of Intel's structure, as other tools write it. */
export function bundleOf(collateral: Collateral): Record<string, string> {
  const info = parseTcbInfo(collateral.tcbInfo);
  const identity = parseEnclaveIdentity(collateral.qeIdentity);
  return {
    tcb_info: toUtf8(info.signedBytes),
    tcb_info_signature: toHex(info.signature),
    tcb_info_issuer_chain: collateral.tcbInfoIssuerChain,
    qe_identity: toUtf8(identity.signedBytes),
    qe_identity_signature: toHex(identity.signature),
    qe_identity_issuer_chain: collateral.qeIdentityIssuerChain,
    pck_crl: toHex(collateral.pckCrl),
    pck_crl_issuer_chain: collateral.pckCrlIssuerChain,
    root_ca_crl: toHex(collateral.rootCaCrl),
  };
}
