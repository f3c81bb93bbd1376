import { AttributeFlag, KeyName } from '@touchstone/quote';
import { aesCmac } from '@touchstone/cmac';
import { U32_MASK, U64_MASK, type EnclaveAttributes } from './attributes';
import { PCE_IDENTITY, type ArchitecturalIdentity } from './architectural-identity';
import { deriveKey, provisioningRoot } from './root-keys';
import { architecturalBlock, p256ScalarFrom } from './scalar';

/** Masks that Intel's architectural enclaves put into every key request: all that identifies them but their word size. */
export const ARCHITECTURAL_ATTRIBUTE_MASK: EnclaveAttributes = {
  flags: U64_MASK & ~AttributeFlag.MODE64BIT,
  xfrm: 0n,
};
export const ARCHITECTURAL_MISC_MASK = U32_MASK;

/** The enclave that a Provisioning key belongs to. ISVSVN is not here: the key request names it. */
export interface ProvisioningIdentity {
  readonly mrSigner: Uint8Array;
  readonly isvProdId: number;
  readonly attributes: EnclaveAttributes;
  readonly miscSelect: number;
}

export interface ProvisioningSvns {
  /** 16 bytes. */
  readonly cpuSvn: Uint8Array;
  readonly isvSvn: number;
}

/** The simulated PCE as signed by the Intel signer with this MRSIGNER. */
export function pceIdentity(
  mrSigner: Uint8Array,
  identity: ArchitecturalIdentity = PCE_IDENTITY,
): ProvisioningIdentity {
  const { isvProdId, attributes, miscSelect } = identity;
  return { mrSigner, isvProdId, attributes, miscSelect };
}

/**
 * The Provisioning key (16 bytes) that EGETKEY gives this enclave on the processor with this root provisioning key, for a
 * request with the architectural masks. Needs neither the seal key nor the owner epoch, so the authority can compute it.
 */
export function provisioningKey(
  rootProvisioningKey: Uint8Array,
  enclave: ProvisioningIdentity,
  svns: ProvisioningSvns,
): Uint8Array {
  const mask = ARCHITECTURAL_ATTRIBUTE_MASK;
  return deriveKey(provisioningRoot(rootProvisioningKey), {
    keyName: KeyName.PROVISION,
    isvProdId: enclave.isvProdId,
    isvSvn: svns.isvSvn,
    attributes: {
      flags: enclave.attributes.flags & mask.flags,
      xfrm: enclave.attributes.xfrm & mask.xfrm,
    },
    attributeMask: mask,
    mrSigner: enclave.mrSigner,
    cpuSvn: svns.cpuSvn,
    miscSelect: enclave.miscSelect & ARCHITECTURAL_MISC_MASK,
    miscMaskComplement: ~ARCHITECTURAL_MISC_MASK >>> 0,
  });
}

/** PPID (16 bytes): the platform's name towards the authority; the PCE's lowest Provisioning key over a zero block. */
export function ppidOf(rootProvisioningKey: Uint8Array, pce: ProvisioningIdentity): Uint8Array {
  const key = provisioningKey(rootProvisioningKey, pce, { cpuSvn: new Uint8Array(16), isvSvn: 0 });
  return ppidFromKey(key);
}

/** PPID from the PCE's Provisioning key at CPUSVN 0 and ISVSVN 0: what the PCE itself computes. */
export const ppidFromKey = (key: Uint8Array): Uint8Array => aesCmac(key, new Uint8Array(16));

/** The PCK private key as a P-256 scalar, 32 bytes big-endian, for this platform at these SVNs. */
export function pckScalar(
  rootProvisioningKey: Uint8Array,
  pce: ProvisioningIdentity,
  cpuSvn: Uint8Array,
  pceSvn: number,
): Uint8Array {
  return pckScalarFromKey(provisioningKey(rootProvisioningKey, pce, { cpuSvn, isvSvn: pceSvn }));
}

/** PCK private key from the PCE's Provisioning key at the wanted SVNs: what the PCE itself computes. */
export const pckScalarFromKey = (key: Uint8Array): Uint8Array =>
  p256ScalarFrom(key, (counter) => architecturalBlock(counter, 'PAK_KEY_DER', SCALAR_SEED_BITS));

const SCALAR_SEED_BITS = 320;
