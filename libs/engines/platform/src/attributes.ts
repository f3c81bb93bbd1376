/** ATTRIBUTES as its two halves: enclave flags and the extended features (XCR0 layout) an enclave runs with. */
export interface EnclaveAttributes {
  readonly flags: bigint;
  readonly xfrm: bigint;
}

/** ATTRIBUTES.flags (Intel SDM volume 3D, "ATTRIBUTES"). */
export const ATTRIBUTE_FLAG = {
  INIT: 0x1n,
  DEBUG: 0x2n,
  MODE64BIT: 0x4n,
  PROVISION_KEY: 0x10n,
  EINITTOKEN_KEY: 0x20n,
  CET: 0x40n,
  KSS: 0x80n,
  AEX_NOTIFY: 0x400n,
} as const;

/** x87 and SSE state, which every 64-bit enclave has. */
export const XFRM_LEGACY = 0x3n;

export const U64_MASK = 0xffff_ffff_ffff_ffffn;
export const U32_MASK = 0xffff_ffff;
