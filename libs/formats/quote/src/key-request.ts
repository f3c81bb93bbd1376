import { ByteReader, ByteWriter } from '@touchstone/bytes';
import type { Attributes } from './attributes';
import { readAttributes } from './attributes';
import { assertLength, withCode } from './quote-error';

export const KEY_REQUEST_SIZE = 512;

/** KEYREQUEST.KEYNAME (Intel SDM volume 3D, section 34.18.1). */
export const KeyName = {
  EINITTOKEN: 0,
  PROVISION: 1,
  PROVISION_SEAL: 2,
  REPORT: 3,
  SEAL: 4,
} as const;

/** Bits of KEYREQUEST.KEYPOLICY (Intel SDM volume 3D, section 34.18.2). */
export const KeyPolicy = {
  MRENCLAVE: 0x01,
  MRSIGNER: 0x02,
  NOISVPRODID: 0x04,
  CONFIGID: 0x08,
  ISVFAMILYID: 0x10,
  ISVEXTPRODID: 0x20,
} as const;

/** The policy bits that only an enclave with key separation and sharing may set. */
export const KSS_KEY_POLICIES =
  KeyPolicy.NOISVPRODID | KeyPolicy.CONFIGID | KeyPolicy.ISVFAMILYID | KeyPolicy.ISVEXTPRODID;

/** KEYREQUEST: which key EGETKEY shall derive. */
export interface KeyRequest {
  /** Kept as a number: the processor, not the parser, refuses unknown names. */
  readonly keyName: number;
  readonly keyPolicy: number;
  readonly isvSvn: number;
  /** 16 bytes. */
  readonly cpuSvn: Uint8Array;
  readonly attributeMask: Attributes;
  /** 32 bytes. */
  readonly keyId: Uint8Array;
  readonly miscMask: number;
  readonly configSvn: number;
}

/** @throws QuoteError STRUCTURE_LENGTH, STRUCTURE_RESERVED */
export function parseKeyRequest(bytes: Uint8Array): KeyRequest {
  assertLength(bytes, KEY_REQUEST_SIZE, 'keyRequest');
  return withCode('STRUCTURE_RESERVED', () => {
    const r = new ByteReader(new Uint8Array(bytes));
    const keyName = r.u16le('keyName'); //                           0
    const keyPolicy = r.u16le('keyPolicy'); //                       2
    const isvSvn = r.u16le('isvSvn'); //                             4
    r.zeros('reserved1', 2); //                                      6
    const cpuSvn = r.bytes('cpuSvn', 16); //                         8
    const attributeMask = readAttributes(r, 'attributeMask'); //    24
    const keyId = r.bytes('keyId', 32); //                          40
    const miscMask = r.u32le('miscMask'); //                        72
    const configSvn = r.u16le('configSvn'); //                      76
    r.zeros('reserved2', 434); //                                   78
    return { keyName, keyPolicy, isvSvn, cpuSvn, attributeMask, keyId, miscMask, configSvn };
  });
}

/** @throws QuoteError QUOTE_FIELD */
export function encodeKeyRequest(request: KeyRequest): Uint8Array {
  return withCode('QUOTE_FIELD', () =>
    new ByteWriter()
      .u16le('keyName', request.keyName)
      .u16le('keyPolicy', request.keyPolicy)
      .u16le('isvSvn', request.isvSvn)
      .zeros(2)
      .bytes('cpuSvn', request.cpuSvn, 16)
      .bytes('attributeMask', request.attributeMask.bytes, 16)
      .bytes('keyId', request.keyId, 32)
      .u32le('miscMask', request.miscMask)
      .u16le('configSvn', request.configSvn)
      .zeros(434)
      .finish(),
  );
}
