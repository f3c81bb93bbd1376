import { aesCmac } from '@touchstone/cmac';
import { ecSignerFromScalar, type EcSigner } from '@touchstone/pki';
import {
  ARCHITECTURAL_ATTRIBUTE_MASK,
  ARCHITECTURAL_MISC_MASK,
  architecturalBlock,
  p256ScalarFrom,
  type EnclaveInstructions,
} from '@touchstone/platform';
import {
  KeyName,
  KeyPolicy,
  attributes,
  encodeKeyRequest,
  type SgxReportBody,
} from '@touchstone/quote';

const ATTESTATION_SEED_BITS = 320;
const QE_ID_BITS = 128;

/** QE_ID, 16 bytes: names this QE signer on this platform, whatever the TCB; the key of a PCK cache. */
export function deriveQeId(instructions: EnclaveInstructions): Uint8Array {
  const key = sealKey(instructions, new Uint8Array(16), 0);
  return aesCmac(key, architecturalBlock(0, 'QE_ID_DER', QE_ID_BITS));
}

/** The attestation key: another one after every change of the processor's CPUSVN or the QE's ISVSVN. */
export function deriveAttestationKey(
  instructions: EnclaveInstructions,
  self: SgxReportBody,
): EcSigner {
  const key = sealKey(instructions, self.cpuSvn, self.isvSvn);
  return ecSignerFromScalar(
    p256ScalarFrom(key, (n) => architecturalBlock(n, 'QE_ATT_DER', ATTESTATION_SEED_BITS)),
  );
}

function sealKey(
  instructions: EnclaveInstructions,
  cpuSvn: Uint8Array,
  isvSvn: number,
): Uint8Array {
  const { flags, xfrm } = ARCHITECTURAL_ATTRIBUTE_MASK;
  return instructions.egetkey(
    encodeKeyRequest({
      keyName: KeyName.SEAL,
      keyPolicy: KeyPolicy.MRSIGNER,
      isvSvn,
      cpuSvn,
      attributeMask: attributes(flags, xfrm),
      keyId: new Uint8Array(32),
      miscMask: ARCHITECTURAL_MISC_MASK,
      configSvn: 0,
    }),
  );
}
