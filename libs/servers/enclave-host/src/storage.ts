import { BlobClientError, createBlobReader } from '@touchstone/blob-client';
import type { Refusal } from '@touchstone/enclave-rpc';
import { CodedError } from '@touchstone/errors';
import type { Storage } from '@touchstone/service-enclave-host';

/** One message to an enclave has room for it. */
export const MAX_BLOB_BYTES = 32 * 1024 * 1024;

/** A storage account said no, as `refusal` repeats. */
class StorageRefusedError extends CodedError<'STORAGE_REFUSED'> {
  readonly refusal: Refusal;

  constructor(message: string, refusal: Refusal) {
    super('STORAGE_REFUSED', message);
    this.refusal = refusal;
  }
}

/** Blobs by their addresses, over TLS that leads to `ca` (PEM). */
export function createStorage(ca: string): Storage {
  const reader = createBlobReader({ ca, maxBytes: MAX_BLOB_BYTES });
  return {
    download: (blobUrl, signal) =>
      reader.download(blobUrl, signal).catch((error: unknown) => {
        throw refusedAs(error);
      }),
  };
}

function refusedAs(error: unknown): unknown {
  const refusal = error instanceof BlobClientError ? error.refusal : undefined;
  if (refusal === undefined) return error;
  const { status, code, requestId = '' } = refusal;
  const message = `the storage account answered ${status} ${code}`;
  return new StorageRefusedError(message, { by: 'storage', status, code, requestId });
}
