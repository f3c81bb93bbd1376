import { ByteReader, ByteWriter } from '@touchstone/bytes';
import type { KeyRequest } from './key-request';
import { KEY_REQUEST_SIZE, encodeKeyRequest, parseKeyRequest } from './key-request';
import { QuoteError, withCode } from './quote-error';

/** KEYREQUEST, `plain_text_offset`, `aes_data` up to its payload. */
export const SEALED_DATA_HEADER_SIZE = 560;
export const MAX_SEALED_DATA_BYTES = 64 * 1024 * 1024;

/** What an enclave seals, as Intel's SDK lays it out. */
export interface SealedData {
  /** What the key was derived with, and is derived with again. */
  readonly keyRequest: KeyRequest;
  /** 16 bytes: tag of AES-128-GCM over both texts. */
  readonly tag: Uint8Array;
  readonly cipherText: Uint8Array;
  /** In clear, under the tag. */
  readonly additionalText: Uint8Array;
}

/**
 * `sgx_sealed_data_t`: KEYREQUEST (512), `plain_text_offset` u32 (length of the cipher text), 12 zero bytes, `payload_size`
 * u32 (both texts), 12 zero bytes, `payload_tag` (16), cipher text, additional MAC text; little-endian.
 *
 * Source: intel/linux-sgx `common/inc/sgx_tseal.h`, `sdk/tseal`; offsets as compiled, with a KEYREQUEST of 512 bytes.
 * @throws QuoteError SEALED_DATA
 */
export function parseSealedData(bytes: Uint8Array): SealedData {
  if (bytes.length > MAX_SEALED_DATA_BYTES) throw malformed('payload');
  return withCode('SEALED_DATA', () => {
    const r = new ByteReader(bytes);
    const keyRequest = readKeyRequest(r.bytes('keyRequest', KEY_REQUEST_SIZE)); //   0
    const cipherTextLength = r.u32le('plainTextOffset'); //                        512
    r.zeros('reserved', 12); //                                                    516
    const payloadSize = r.u32le('payloadSize'); //                                 528
    r.zeros('aesData.reserved', 12); //                                            532
    const tag = r.bytes('payloadTag', 16); //                                      544
    if (payloadSize !== r.remaining) throw malformed('payloadSize');
    if (cipherTextLength > payloadSize) throw malformed('plainTextOffset');
    const cipherText = r.bytes('cipherText', cipherTextLength); //                 560
    return { keyRequest, tag, cipherText, additionalText: r.rest('additionalText') };
  });
}

/** What `parseSealedData` reads, byte for byte. @throws QuoteError QUOTE_FIELD */
export function encodeSealedData(sealed: SealedData): Uint8Array {
  const { keyRequest, tag, cipherText, additionalText } = sealed;
  return withCode('QUOTE_FIELD', () =>
    new ByteWriter()
      .bytes('keyRequest', encodeKeyRequest(keyRequest))
      .u32le('plainTextOffset', cipherText.length)
      .zeros(12)
      .u32le('payloadSize', cipherText.length + additionalText.length)
      .zeros(12)
      .bytes('payloadTag', tag, 16)
      .bytes('cipherText', cipherText)
      .bytes('additionalText', additionalText)
      .finish(),
  );
}

function readKeyRequest(bytes: Uint8Array): KeyRequest {
  try {
    return parseKeyRequest(bytes);
  } catch (cause) {
    throw malformed('keyRequest', cause);
  }
}

function malformed(field: string, cause?: unknown): QuoteError {
  return new QuoteError('SEALED_DATA', `${field} is not that of sealed data`, { field, cause });
}
