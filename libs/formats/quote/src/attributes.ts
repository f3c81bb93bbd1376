import { ByteReader, ByteWriter } from '@touchstone/bytes';
import { assertLength } from './quote-error';

/** Bits of ATTRIBUTES.FLAGS (Intel SDM volume 3D, section 34.7.1). */
export const AttributeFlag = {
  INIT: 0x1n,
  DEBUG: 0x2n,
  MODE64BIT: 0x4n,
  PROVISION_KEY: 0x10n,
  EINITTOKEN_KEY: 0x20n,
  CET: 0x40n,
  KSS: 0x80n,
  AEX_NOTIFY: 0x400n,
} as const;

/** Bits of ATTRIBUTES.XFRM, laid out as XCR0. */
export const XfrmFlag = {
  /** x87 and SSE: every enclave has both. */
  LEGACY: 0x3n,
  AVX: 0x4n,
  AVX512: 0xe6n,
  PKRU: 0x200n,
  AMX: 0x60000n,
} as const;

/** MISCSELECT bit 0: page fault and general protection information in the SSA. */
export const MISC_EXINFO = 0x1;

export const ATTRIBUTES_SIZE = 16;

/** ATTRIBUTES: two little-endian u64, and the 16 bytes as they are on the wire. */
export interface Attributes {
  readonly flags: bigint;
  readonly xfrm: bigint;
  readonly bytes: Uint8Array;
}

/** @throws QuoteError STRUCTURE_LENGTH */
export function parseAttributes(bytes: Uint8Array): Attributes {
  assertLength(bytes, ATTRIBUTES_SIZE, 'attributes');
  return readAttributes(new ByteReader(new Uint8Array(bytes)));
}

/** ATTRIBUTES from its two halves. */
export function attributes(flags: bigint, xfrm: bigint = XfrmFlag.LEGACY): Attributes {
  const bytes = new ByteWriter()
    .u64le('attributes.flags', flags)
    .u64le('attributes.xfrm', xfrm)
    .finish();
  return { flags, xfrm, bytes };
}

export function readAttributes(r: ByteReader, field = 'attributes'): Attributes {
  const bytes = r.view(field, ATTRIBUTES_SIZE);
  const view = new DataView(bytes.buffer, bytes.byteOffset, ATTRIBUTES_SIZE);
  return { flags: view.getBigUint64(0, true), xfrm: view.getBigUint64(8, true), bytes };
}

/** Whether every bit of `flag` is set. */
export const hasFlag = (value: Attributes, flag: bigint): boolean => (value.flags & flag) === flag;

export const isDebug = (value: Attributes): boolean => hasFlag(value, AttributeFlag.DEBUG);
