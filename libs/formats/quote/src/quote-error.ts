import { BytesError } from '@touchstone/bytes';
import { CodedError } from '@touchstone/errors';

export type QuoteErrorCode =
  /** The bytes end before a field does. */
  | 'QUOTE_TRUNCATED'
  | 'QUOTE_TOO_LARGE'
  | 'QUOTE_VERSION'
  | 'QUOTE_ATTESTATION_KEY_TYPE'
  | 'QUOTE_TEE_TYPE'
  | 'QUOTE_VENDOR'
  /** Version 5: the body descriptor names an unknown type, or one of another TEE. */
  | 'QUOTE_BODY_TYPE'
  /** A certification data type outside the known ones, or contents that its type does not have. */
  | 'QUOTE_CERTIFICATION_DATA'
  /** A length field that contradicts what follows it. */
  | 'QUOTE_LENGTH'
  /** Bytes follow the quote and the caller's policy does not take them. */
  | 'QUOTE_TRAILING'
  /** A value that cannot be encoded into its field. */
  | 'QUOTE_FIELD'
  /** REPORT, TARGETINFO, KEYREQUEST or a report body of the wrong size. */
  | 'STRUCTURE_LENGTH'
  /** Reserved bytes of TARGETINFO or KEYREQUEST that are not zero. */
  | 'STRUCTURE_RESERVED'
  /** Sealed data whose lengths contradict each other, or with reserved bytes that are not zero. */
  | 'SEALED_DATA'
  | 'OE_REPORT'
  | 'OE_EVIDENCE'
  | 'OE_CUSTOM_CLAIMS'
  | 'OE_ENDORSEMENTS';

/** Malformed attestation evidence; `field` is named as its structure names it. */
export class QuoteError extends CodedError<QuoteErrorCode> {}

/** Runs a reader or writer and gives its failures a code of ours, keeping the field it was at. */
export function withCode<T>(code: QuoteErrorCode, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof BytesError)) throw error;
    const field = error.field === undefined ? {} : { field: error.field };
    throw new QuoteError(codeOf(error, code), error.message, { ...field, cause: error });
  }
}

function codeOf(error: BytesError, fallback: QuoteErrorCode): QuoteErrorCode {
  if (error.code === 'BYTES_OUT_OF_RANGE') return 'QUOTE_FIELD';
  return fallback;
}

/** A fixed-size structure of any other size is refused before its first field is read. */
export function assertLength(bytes: Uint8Array, length: number, structure: string): void {
  if (bytes.length === length) return;
  throw new QuoteError('STRUCTURE_LENGTH', `${structure} is ${bytes.length} bytes, not ${length}`, {
    field: structure,
  });
}
