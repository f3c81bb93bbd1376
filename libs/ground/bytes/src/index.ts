export { ByteReader } from './byte-reader';
export { ByteWriter } from './byte-writer';
export { BytesError } from './bytes-error';
export type { BytesErrorCode } from './bytes-error';
export { concat, equal, isZero } from './compare';
export {
  fromBase64Lenient,
  fromBase64Url,
  fromHex,
  fromUtf8,
  toBase64,
  toBase64Url,
  toHex,
  toUtf8,
} from './encoding';
export { sha1, sha256, sha256Hex, sha384 } from './digest';
