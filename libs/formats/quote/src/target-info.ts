import { ByteReader, ByteWriter } from '@touchstone/bytes';
import type { Attributes } from './attributes';
import { readAttributes } from './attributes';
import { assertLength, withCode } from './quote-error';

export const TARGET_INFO_SIZE = 512;

/** TARGETINFO: which enclave a REPORT is meant for (Intel SDM volume 3D, section 34.16). */
export interface TargetInfo {
  /** 32 bytes. */
  readonly mrEnclave: Uint8Array;
  readonly attributes: Attributes;
  readonly configSvn: number;
  readonly miscSelect: number;
  /** 64 bytes. */
  readonly configId: Uint8Array;
}

/** @throws QuoteError STRUCTURE_LENGTH, STRUCTURE_RESERVED */
export function parseTargetInfo(bytes: Uint8Array): TargetInfo {
  assertLength(bytes, TARGET_INFO_SIZE, 'targetInfo');
  return withCode('STRUCTURE_RESERVED', () => {
    const r = new ByteReader(new Uint8Array(bytes));
    const mrEnclave = r.bytes('mrEnclave', 32); //   0
    const attributes = readAttributes(r); //        32
    r.zeros('reserved1', 2); //                     48
    const configSvn = r.u16le('configSvn'); //      50
    const miscSelect = r.u32le('miscSelect'); //    52
    r.zeros('reserved2', 8); //                     56
    const configId = r.bytes('configId', 64); //    64
    r.zeros('reserved3', 384); //                  128
    return { mrEnclave, attributes, configSvn, miscSelect, configId };
  });
}

/** @throws QuoteError QUOTE_FIELD */
export function encodeTargetInfo(info: TargetInfo): Uint8Array {
  return withCode('QUOTE_FIELD', () =>
    new ByteWriter()
      .bytes('mrEnclave', info.mrEnclave, 32)
      .bytes('attributes', info.attributes.bytes, 16)
      .zeros(2)
      .u16le('configSvn', info.configSvn)
      .u32le('miscSelect', info.miscSelect)
      .zeros(8)
      .bytes('configId', info.configId, 64)
      .zeros(384)
      .finish(),
  );
}
