import { CodedError } from '@touchstone/errors';

export type BytesErrorCode =
  | 'BYTES_TRUNCATED'
  | 'BYTES_TRAILING'
  | 'BYTES_RESERVED_NOT_ZERO'
  | 'BYTES_OUT_OF_RANGE'
  | 'BYTES_INVALID_HEX'
  | 'BYTES_INVALID_BASE64'
  | 'BYTES_INVALID_UTF8';

/** Malformed bytes or text; `field` names what was being read. */
export class BytesError extends CodedError<BytesErrorCode> {}
