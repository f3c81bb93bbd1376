import { ByteWriter } from '@touchstone/bytes';
import type { EnclaveAttributes } from './attributes';

/** Everything that EGETKEY can feed into a key. What a key name leaves out stays zero (see README, "Packing"). */
export interface DerivationInputs {
  readonly keyName: number;
  readonly isvFamilyId?: Uint8Array;
  readonly isvExtProdId?: Uint8Array;
  readonly isvProdId?: number;
  readonly isvSvn?: number;
  readonly ownerEpoch?: Uint8Array;
  readonly attributes: EnclaveAttributes;
  readonly attributeMask?: EnclaveAttributes;
  readonly mrEnclave?: Uint8Array;
  readonly mrSigner?: Uint8Array;
  readonly keyId?: Uint8Array;
  readonly cpuSvn: Uint8Array;
  readonly miscSelect: number;
  /** The complement of the requested mask, as the SDM feeds it. */
  readonly miscMaskComplement?: number;
  readonly keyPolicy?: number;
  readonly configId?: Uint8Array;
  readonly configSvn?: number;
}

/** 16+16+2+2 + 16 + 16+16 + 32+32+32 + 16 + 4+4 + 2 + 64+2, plus the key name. */
export const DERIVATION_BLOCK_BYTES = 274;

const ZERO_ATTRIBUTES: EnclaveAttributes = { flags: 0n, xfrm: 0n };
const orZero = (bytes: Uint8Array | undefined, length: number): Uint8Array =>
  bytes ?? new Uint8Array(length);

/** Packs the inputs in the SDM's field order, each at a fixed width: two different inputs never pack alike. */
export function packDerivationBlock(inputs: DerivationInputs): Uint8Array {
  const mask = inputs.attributeMask ?? ZERO_ATTRIBUTES;
  return new ByteWriter()
    .u16le('KEYNAME', inputs.keyName)
    .bytes('ISVFAMILYID', orZero(inputs.isvFamilyId, 16), 16)
    .bytes('ISVEXTPRODID', orZero(inputs.isvExtProdId, 16), 16)
    .u16le('ISVPRODID', inputs.isvProdId ?? 0)
    .u16le('ISVSVN', inputs.isvSvn ?? 0)
    .bytes('OWNEREPOCH', orZero(inputs.ownerEpoch, 16), 16)
    .u64le('ATTRIBUTES.flags', inputs.attributes.flags)
    .u64le('ATTRIBUTES.xfrm', inputs.attributes.xfrm)
    .u64le('ATTRIBUTESMASK.flags', mask.flags)
    .u64le('ATTRIBUTESMASK.xfrm', mask.xfrm)
    .bytes('MRENCLAVE', orZero(inputs.mrEnclave, 32), 32)
    .bytes('MRSIGNER', orZero(inputs.mrSigner, 32), 32)
    .bytes('KEYID', orZero(inputs.keyId, 32), 32)
    .bytes('CPUSVN', inputs.cpuSvn, 16)
    .u32le('MISCSELECT', inputs.miscSelect)
    .u32le('MISCMASK', inputs.miscMaskComplement ?? 0)
    .u16le('KEYPOLICY', inputs.keyPolicy ?? 0)
    .bytes('CONFIGID', orZero(inputs.configId, 64), 64)
    .u16le('CONFIGSVN', inputs.configSvn ?? 0)
    .finish();
}
