import {
  buildSigstruct,
  PCE_IDENTITY,
  QE_IDENTITY,
  sigstructDate,
  VENDOR_INTEL,
} from '@touchstone/platform';
import { attributes, AttributeFlag } from '@touchstone/quote';
import { AuthorityError } from './authority-error';

/** The architectural enclaves that the authority puts its name to. */
export type ArchitecturalEnclave = 'pce' | 'qe';

const IDENTITIES = { pce: PCE_IDENTITY, qe: QE_IDENTITY };
const MRENCLAVE_BYTES = 32;
const ALL_FLAGS = 0xffff_ffff_ffff_ffffn;

export interface EnclaveToSign {
  readonly enclave: ArchitecturalEnclave;
  /** 32 bytes. */
  readonly mrEnclave: Uint8Array;
}

/** The SIGSTRUCT (1808 bytes) of an architectural enclave with this measurement, by the Intel-like enclave signing key. */
export function signEnclave(
  signingKeyPkcs8: Uint8Array,
  { enclave, mrEnclave }: EnclaveToSign,
  isvSvn: number,
  at: Date,
): Uint8Array {
  if (mrEnclave.length !== MRENCLAVE_BYTES) {
    throw new AuthorityError('AUTHORITY_ENCLAVE_REFUSED', `MRENCLAVE is ${MRENCLAVE_BYTES} bytes`, {
      field: 'mrEnclave',
    });
  }
  const identity = IDENTITIES[enclave];
  return buildSigstruct(
    {
      vendor: VENDOR_INTEL,
      date: sigstructDate(at),
      miscSelect: identity.miscSelect,
      miscMask: 0xffff_ffff,
      isvFamilyId: new Uint8Array(16),
      attributes: attributes(
        identity.attributes.flags & ~AttributeFlag.INIT,
        identity.attributes.xfrm,
      ),
      // Every flag is fixed, DEBUG above all; features of the machine (xfrm) are not.
      attributeMask: attributes(ALL_FLAGS & ~AttributeFlag.INIT, 0n),
      enclaveHash: mrEnclave,
      isvExtProdId: new Uint8Array(16),
      isvProdId: identity.isvProdId,
      isvSvn,
    },
    signingKeyPkcs8,
  );
}
