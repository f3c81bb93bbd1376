import { QuoteVerifier } from '@phala/dcap-qvl';
import { toHex, toUtf8 } from '@touchstone/bytes';
import { type Collateral, parseEnclaveIdentity, parseTcbInfo } from '@touchstone/collateral';
import type { Work } from './measure';

/** Whole verification of the quote by `@phala/dcap-qvl`. What it wants its collateral to look like is made once, beforehand. */
export function peerVerification(
  quote: Uint8Array,
  collateral: Collateral,
  rootCertificate: Uint8Array,
  at: Date,
): Work {
  const tcbInfo = parseTcbInfo(collateral.tcbInfo);
  const identity = parseEnclaveIdentity(collateral.qeIdentity);
  const verifier = QuoteVerifier.newWithRootCa(Buffer.from(rootCertificate));
  const documents = {
    tcb_info: toUtf8(tcbInfo.signedBytes),
    tcb_info_signature: toHex(tcbInfo.signature),
    tcb_info_issuer_chain: collateral.tcbInfoIssuerChain,
    qe_identity: toUtf8(identity.signedBytes),
    qe_identity_signature: toHex(identity.signature),
    qe_identity_issuer_chain: collateral.qeIdentityIssuerChain,
    pck_crl: toHex(collateral.pckCrl),
    pck_crl_issuer_chain: collateral.pckCrlIssuerChain,
    root_ca_crl: toHex(collateral.rootCaCrl),
  };
  const seconds = Math.floor(at.getTime() / 1000);
  return () => verifier.verify(quote, documents, seconds).status;
}
