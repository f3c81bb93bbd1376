import { ByteReader, ByteWriter, equal } from '@touchstone/bytes';
import { aesCmac } from '@touchstone/cmac';
import { KeyName, attributes, parseAttributes } from '@touchstone/quote';
import type { EnclaveAttributes } from './attributes';
import { PlatformError, asPlatformError } from './platform-error';
import type { ProcessorCore } from './processor-core';
import { deriveKey } from './root-keys';

export const EINITTOKEN_SIZE = 304;
/** The part under the MAC. */
const TOKEN_BODY_BYTES = 192;

/** Leave to launch one enclave, given by a launch enclave of this processor. */
export interface EinitToken {
  readonly valid: boolean;
  /** Of the enclave to launch, without INIT. */
  readonly attributes: EnclaveAttributes;
  /** 32 bytes. */
  readonly mrEnclave: Uint8Array;
  /** 32 bytes. */
  readonly mrSigner: Uint8Array;
  /** 16 bytes; this and the rest: what the launch enclave asked its launch key with. */
  readonly cpuSvnLe: Uint8Array;
  readonly isvProdIdLe: number;
  readonly isvSvnLe: number;
  readonly maskedMiscSelectLe: number;
  readonly maskedAttributesLe: EnclaveAttributes;
  /** 32 bytes. */
  readonly keyId: Uint8Array;
  /** 16 bytes: AES-CMAC under the launch key over the first 192 bytes. */
  readonly mac: Uint8Array;
}

/** 304 bytes to fields (Intel SDM volume 3D, "EINITTOKEN"). @throws PlatformError SGX_INVALID_EINITTOKEN */
export function parseEinitToken(bytes: Uint8Array): EinitToken {
  if (bytes.length !== EINITTOKEN_SIZE) throw invalidToken('EINITTOKEN', 'a token is 304 bytes');
  return asPlatformError('SGX_INVALID_EINITTOKEN', () => {
    const r = new ByteReader(bytes);
    const valid = r.u32le('VALID'); //                                       0
    if (valid > 1) throw invalidToken('VALID', 'a reserved bit is set');
    r.zeros('reserved1', 44); //                                             4
    const enclave = parseAttributes(r.bytes('ATTRIBUTES', 16)); //          48
    const mrEnclave = r.bytes('MRENCLAVE', 32); //                          64
    r.zeros('reserved2', 32); //                                            96
    const mrSigner = r.bytes('MRSIGNER', 32); //                           128
    r.zeros('reserved3', 32); //                                           160
    const cpuSvnLe = r.bytes('CPUSVNLE', 16); //                           192
    const isvProdIdLe = r.u16le('ISVPRODIDLE'); //                         208
    const isvSvnLe = r.u16le('ISVSVNLE'); //                               210
    r.zeros('reserved4', 24); //                                           212
    const maskedMiscSelectLe = r.u32le('MASKEDMISCSELECTLE'); //           236
    const masked = parseAttributes(r.bytes('MASKEDATTRIBUTESLE', 16)); //  240
    const keyId = r.bytes('KEYID', 32); //                                 256
    const mac = r.bytes('MAC', 16); //                                     288
    return {
      valid: valid === 1,
      attributes: { flags: enclave.flags, xfrm: enclave.xfrm },
      mrEnclave,
      mrSigner,
      cpuSvnLe,
      isvProdIdLe,
      isvSvnLe,
      maskedMiscSelectLe,
      maskedAttributesLe: { flags: masked.flags, xfrm: masked.xfrm },
      keyId,
      mac,
    };
  });
}

/** What `parseEinitToken` reads, byte for byte. @throws PlatformError SGX_INVALID_EINITTOKEN */
export function encodeEinitToken(token: EinitToken): Uint8Array {
  return asPlatformError('SGX_INVALID_EINITTOKEN', () =>
    new ByteWriter()
      .bytes('body', encodeBody(token))
      .bytes('CPUSVNLE', token.cpuSvnLe, 16)
      .u16le('ISVPRODIDLE', token.isvProdIdLe)
      .u16le('ISVSVNLE', token.isvSvnLe)
      .zeros(24)
      .u32le('MASKEDMISCSELECTLE', token.maskedMiscSelectLe)
      .bytes('MASKEDATTRIBUTESLE', attributeBytes(token.maskedAttributesLe))
      .bytes('KEYID', token.keyId, 32)
      .bytes('MAC', token.mac, 16)
      .finish(),
  );
}

/** MAC of a token, as its launch enclave computes it. `launchKey` has 16 bytes. */
export const einitTokenMac = (
  launchKey: Uint8Array,
  token: Pick<EinitToken, 'valid' | 'attributes' | 'mrEnclave' | 'mrSigner'>,
): Uint8Array => aesCmac(launchKey, encodeBody(token));

/** Whether the launch enclave of the signer with this hash made the token, on this processor. */
export function isTokenOf(
  core: ProcessorCore,
  token: EinitToken,
  launchKeyHash: Uint8Array,
): boolean {
  const launchKey = deriveKey(core.roots.seal, {
    keyName: KeyName.EINITTOKEN,
    isvProdId: token.isvProdIdLe,
    isvSvn: token.isvSvnLe,
    ownerEpoch: core.ownerEpoch,
    attributes: token.maskedAttributesLe,
    mrSigner: launchKeyHash,
    keyId: token.keyId,
    cpuSvn: token.cpuSvnLe,
    miscSelect: token.maskedMiscSelectLe,
  });
  return equal(einitTokenMac(launchKey, token), token.mac);
}

function encodeBody({
  valid,
  attributes: enclave,
  mrEnclave,
  mrSigner,
}: Pick<EinitToken, 'valid' | 'attributes' | 'mrEnclave' | 'mrSigner'>): Uint8Array {
  const w = new ByteWriter()
    .u32le('VALID', valid ? 1 : 0)
    .zeros(44)
    .bytes('ATTRIBUTES', attributeBytes(enclave))
    .bytes('MRENCLAVE', mrEnclave, 32)
    .zeros(32)
    .bytes('MRSIGNER', mrSigner, 32);
  return w.zeros(TOKEN_BODY_BYTES - w.length).finish();
}

const attributeBytes = ({ flags, xfrm }: EnclaveAttributes): Uint8Array =>
  attributes(flags, xfrm).bytes;

function invalidToken(field: string, message: string): PlatformError {
  return new PlatformError('SGX_INVALID_EINITTOKEN', message, { field });
}
