/** ATTRIBUTES as its two halves: enclave flags and the extended features (XCR0 layout) an enclave runs with. */
export interface EnclaveAttributes {
  readonly flags: bigint;
  readonly xfrm: bigint;
}

export const U64_MASK = 0xffff_ffff_ffff_ffffn;
export const U32_MASK = 0xffff_ffff;
