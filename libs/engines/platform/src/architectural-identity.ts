import { AttributeFlag, XfrmFlag } from '@touchstone/quote';
import type { EnclaveAttributes } from './attributes';

/** What the simulated Intel's architectural enclaves are, apart from their signer, whose key is made per authority. */
export interface ArchitecturalIdentity {
  readonly isvProdId: number;
  readonly isvSvn: number;
  /** As in SECS and REPORT: INIT is set. */
  readonly attributes: EnclaveAttributes;
  readonly miscSelect: number;
}

const PROVISIONING_ATTRIBUTES: EnclaveAttributes = {
  flags: AttributeFlag.INIT | AttributeFlag.MODE64BIT | AttributeFlag.PROVISION_KEY,
  xfrm: XfrmFlag.LEGACY,
};

/** PCEID: all of Intel's Provisioning Certification Enclaves so far have 0. */
export const PCE_ID = 0;

/** Provisioning Certification Enclave. */
export const PCE_IDENTITY: ArchitecturalIdentity = {
  isvProdId: 1,
  isvSvn: 15,
  attributes: PROVISIONING_ATTRIBUTES,
  miscSelect: 0,
};

/** Quoting Enclave (ECDSA, "QE3"). */
export const QE_IDENTITY: ArchitecturalIdentity = {
  isvProdId: 1,
  isvSvn: 10,
  attributes: PROVISIONING_ATTRIBUTES,
  miscSelect: 0,
};
