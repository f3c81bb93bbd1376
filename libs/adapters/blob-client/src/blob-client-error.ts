import { CodedError } from '@touchstone/errors';
import type { CodedErrorOptions } from '@touchstone/errors';

export type BlobClientErrorCode =
  /** The storage account said no: `refusal` is how. */
  | 'STORAGE_REFUSED'
  /** The storage account cannot be reached, or answers with a server error. */
  | 'STORAGE_UNAVAILABLE'
  | 'BLOB_TOO_LARGE';

/** What the storage account answered, as it stands on the wire. */
export interface StorageRefusal {
  readonly status: number;
  readonly code: string;
  readonly requestId?: string;
}

export class BlobClientError extends CodedError<BlobClientErrorCode> {
  declare readonly refusal?: StorageRefusal;

  constructor(
    code: BlobClientErrorCode,
    message: string,
    options: CodedErrorOptions & { refusal?: StorageRefusal } = {},
  ) {
    super(code, message, options);
    if (options.refusal !== undefined) this.refusal = options.refusal;
  }
}
