import { ByteReader, ByteWriter, fromHex, toHex } from '@touchstone/bytes';
import { attributes, parseAttributes, type Attributes } from '@touchstone/quote';
import { asPlatformError, PlatformError } from './platform-error';

export const SIGSTRUCT_SIZE = 1808;
export const SIGSTRUCT_MODULUS_BYTES = 384;
/** VENDOR of Intel's own enclaves; everyone else has 0. */
export const VENDOR_INTEL = 0x8086;

const HEADER = '06000000e100000000000100';
const HEADER_2 = '01010000600000006000000001000000';
const EXPONENT = 3;
/** Signed: all of the header part, and the body from MISCSELECT to ISVSVN; the key and the signature lie between. */
const HEADER_END = 128;
const BODY_START = 900;
const BODY_END = 1028;

/** What a signer states about an enclave. */
export interface SigstructContent {
  /** 0x8086 for Intel, else 0. */
  readonly vendor: number;
  /** `0xYYYYMMDD`, digits as they read. */
  readonly date: number;
  readonly miscSelect: number;
  readonly miscMask: number;
  /** 16 bytes. */
  readonly isvFamilyId: Uint8Array;
  /** Without INIT, which EINIT itself sets. */
  readonly attributes: Attributes;
  readonly attributeMask: Attributes;
  /** ENCLAVEHASH, 32 bytes: the MRENCLAVE that the signer vouches for. */
  readonly enclaveHash: Uint8Array;
  /** 16 bytes. */
  readonly isvExtProdId: Uint8Array;
  readonly isvProdId: number;
  readonly isvSvn: number;
}

/** A well-formed SIGSTRUCT, whose signature is not judged yet. Numbers of 384 bytes are little-endian, as stored. */
export interface UnverifiedSigstruct extends SigstructContent {
  readonly modulus: Uint8Array;
  readonly signature: Uint8Array;
  readonly q1: Uint8Array;
  readonly q2: Uint8Array;
  /** The 256 bytes under the signature, as they arrived. */
  readonly signedBytes: Uint8Array;
}

export interface SigstructSignature {
  readonly modulus: Uint8Array;
  readonly signature: Uint8Array;
  readonly q1: Uint8Array;
  readonly q2: Uint8Array;
}

/** `0xYYYYMMDD` of a date in UTC. */
export function sigstructDate(at: Date): number {
  const digits = at.toISOString().slice(0, 10).replaceAll('-', '');
  return Number.parseInt(digits, 16);
}

/** 1808 bytes to fields (Intel SDM volume 3D, "SIGSTRUCT"). @throws PlatformError SGX_INVALID_SIG_STRUCT */
export function parseSigstruct(bytes: Uint8Array): UnverifiedSigstruct {
  if (bytes.length !== SIGSTRUCT_SIZE) {
    throw invalid('SIGSTRUCT', `SIGSTRUCT is ${SIGSTRUCT_SIZE} bytes`);
  }
  return asPlatformError('SGX_INVALID_SIG_STRUCT', () => {
    const r = new ByteReader(bytes);
    const head = readHead(r); //                                        0
    const key = readKey(r); //                                        128
    const body = readBody(r); //                                      900
    r.zeros('reserved4', 12); //                                     1028
    const q1 = r.bytes('Q1', SIGSTRUCT_MODULUS_BYTES); //            1040
    const q2 = r.bytes('Q2', SIGSTRUCT_MODULUS_BYTES); //            1424
    return { ...head, ...key, ...body, q1, q2, signedBytes: signedBytesOf(bytes) };
  });
}

function readHead(r: ByteReader): Pick<SigstructContent, 'vendor' | 'date'> {
  expectHex(r, 'HEADER', HEADER); //    0
  r.zeros('type', 4); //               12: no debug-signed structures
  const vendor = r.u32le('VENDOR'); // 16
  const date = r.u32le('DATE'); //     20
  expectHex(r, 'HEADER2', HEADER_2); // 24
  r.u32le('SWDEFINED'); //             40
  r.zeros('reserved1', 84); //         44
  if (vendor !== 0 && vendor !== VENDOR_INTEL) throw invalid('VENDOR', 'no such vendor');
  return { vendor, date };
}

function readKey(r: ByteReader): Pick<UnverifiedSigstruct, 'modulus' | 'signature'> {
  const modulus = r.bytes('MODULUS', SIGSTRUCT_MODULUS_BYTES); //     128
  if (r.u32le('EXPONENT') !== EXPONENT) throw invalid('EXPONENT', 'the exponent is 3');
  const signature = r.bytes('SIGNATURE', SIGSTRUCT_MODULUS_BYTES); // 516
  return { modulus, signature };
}

function readBody(r: ByteReader): Omit<SigstructContent, 'vendor' | 'date'> {
  const miscSelect = r.u32le('MISCSELECT'); //                                900
  const miscMask = r.u32le('MISCMASK'); //                                    904
  r.zeros('reserved2', 4); //                                                 908
  const isvFamilyId = r.bytes('ISVFAMILYID', 16); //                          912
  const enclaveAttributes = parseAttributes(r.bytes('ATTRIBUTES', 16)); //    928
  const attributeMask = parseAttributes(r.bytes('ATTRIBUTEMASK', 16)); //     944
  const enclaveHash = r.bytes('ENCLAVEHASH', 32); //                          960
  r.zeros('reserved3', 16); //                                                992
  const isvExtProdId = r.bytes('ISVEXTPRODID', 16); //                       1008
  const isvProdId = r.u16le('ISVPRODID'); //                                 1024
  const isvSvn = r.u16le('ISVSVN'); //                                       1026
  return {
    miscSelect,
    miscMask,
    isvFamilyId,
    attributes: enclaveAttributes,
    attributeMask,
    enclaveHash,
    isvExtProdId,
    isvProdId,
    isvSvn,
  };
}

/** Fields to 1808 bytes; without a signature, its four numbers are zero. */
export function encodeSigstruct(
  content: SigstructContent,
  signed: Partial<SigstructSignature> = {},
): Uint8Array {
  const number = (bytes: Uint8Array | undefined): Uint8Array =>
    bytes ?? new Uint8Array(SIGSTRUCT_MODULUS_BYTES);
  return asPlatformError('SGX_INVALID_SIG_STRUCT', () =>
    new ByteWriter()
      .bytes('HEADER', fromHex(HEADER))
      .zeros(4)
      .u32le('VENDOR', content.vendor)
      .u32le('DATE', content.date)
      .bytes('HEADER2', fromHex(HEADER_2))
      .zeros(88)
      .bytes('MODULUS', number(signed.modulus), SIGSTRUCT_MODULUS_BYTES)
      .u32le('EXPONENT', EXPONENT)
      .bytes('SIGNATURE', number(signed.signature), SIGSTRUCT_MODULUS_BYTES)
      .bytes('body', encodeBody(content))
      .zeros(12)
      .bytes('Q1', number(signed.q1), SIGSTRUCT_MODULUS_BYTES)
      .bytes('Q2', number(signed.q2), SIGSTRUCT_MODULUS_BYTES)
      .finish(),
  );
}

function encodeBody(content: SigstructContent): Uint8Array {
  return new ByteWriter()
    .u32le('MISCSELECT', content.miscSelect)
    .u32le('MISCMASK', content.miscMask)
    .zeros(4)
    .bytes('ISVFAMILYID', content.isvFamilyId, 16)
    .bytes('ATTRIBUTES', attributes(content.attributes.flags, content.attributes.xfrm).bytes)
    .bytes(
      'ATTRIBUTEMASK',
      attributes(content.attributeMask.flags, content.attributeMask.xfrm).bytes,
    )
    .bytes('ENCLAVEHASH', content.enclaveHash, 32)
    .zeros(16)
    .bytes('ISVEXTPRODID', content.isvExtProdId, 16)
    .u16le('ISVPRODID', content.isvProdId)
    .u16le('ISVSVN', content.isvSvn)
    .finish();
}

/** The 256 bytes of a 1808-byte SIGSTRUCT that its signature covers. */
export function signedBytesOf(sigstruct: Uint8Array): Uint8Array {
  const signed = new Uint8Array(HEADER_END + BODY_END - BODY_START);
  signed.set(sigstruct.subarray(0, HEADER_END));
  signed.set(sigstruct.subarray(BODY_START, BODY_END), HEADER_END);
  return signed;
}

function expectHex(r: ByteReader, field: string, expected: string): void {
  if (toHex(r.bytes(field, expected.length / 2)) !== expected) {
    throw invalid(field, `${field} is not the fixed one`);
  }
}

function invalid(field: string, message: string): PlatformError {
  return new PlatformError('SGX_INVALID_SIG_STRUCT', message, { field });
}
