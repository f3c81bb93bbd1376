import { QuoteVerifier } from '@phala/dcap-qvl';
import { toHex, toUtf8 } from '@touchstone/bytes';
import { type Collateral, parseEnclaveIdentity, parseTcbInfo } from '@touchstone/collateral';

export interface IndependentVerdict {
  readonly status: string;
  readonly advisoryIds: readonly string[];
}

/**
 * What `@phala/dcap-qvl`, which shares no code with this house, says about the evidence with `rootCertificate` (DER) as the
 * trusted root. Throws whatever it throws.
 */
export function independentVerdict(
  quote: Uint8Array,
  collateral: Collateral,
  rootCertificate: Uint8Array,
  at: Date,
): IndependentVerdict {
  const tcbInfo = parseTcbInfo(collateral.tcbInfo);
  const identity = parseEnclaveIdentity(collateral.qeIdentity);
  const verifier = QuoteVerifier.newWithRootCa(Buffer.from(rootCertificate));
  const report = verifier.verify(
    quote,
    {
      tcb_info: toUtf8(tcbInfo.signedBytes),
      tcb_info_signature: toHex(tcbInfo.signature),
      tcb_info_issuer_chain: collateral.tcbInfoIssuerChain,
      qe_identity: toUtf8(identity.signedBytes),
      qe_identity_signature: toHex(identity.signature),
      qe_identity_issuer_chain: collateral.qeIdentityIssuerChain,
      pck_crl: toHex(collateral.pckCrl),
      pck_crl_issuer_chain: collateral.pckCrlIssuerChain,
      root_ca_crl: toHex(collateral.rootCaCrl),
    },
    Math.floor(at.getTime() / 1000),
  );
  return { status: report.status, advisoryIds: report.advisory_ids };
}
