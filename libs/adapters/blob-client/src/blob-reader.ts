import { BlobClientError } from './blob-client-error';
import { pipelineOptions } from './pipeline';
import { storageFailure } from './storage-failure';

export interface BlobReaderOptions {
  /** PEM of the authority to trust, in the place of the public ones. */
  readonly ca?: string;
  /** A larger blob is refused before it is fetched. */
  readonly maxBytes: number;
}

export interface BlobReader {
  /**
   * The whole blob. `blobUrl` carries a shared access signature unless the container is public.
   * @throws BlobClientError STORAGE_REFUSED, STORAGE_UNAVAILABLE, BLOB_TOO_LARGE
   */
  download(blobUrl: string, signal: AbortSignal): Promise<Uint8Array>;
}

/** Reads blobs of Azure Storage by their addresses. */
export const createBlobReader = ({ ca, maxBytes }: BlobReaderOptions): BlobReader => ({
  download: async (blobUrl, signal) => {
    // Loaded when a blob is first asked for: a service that never does should not wait for it.
    const { AnonymousCredential, BlobClient } = await import('@azure/storage-blob');
    const blob = new BlobClient(blobUrl, new AnonymousCredential(), pipelineOptions(ca));
    try {
      const { contentLength = 0 } = await blob.getProperties({ abortSignal: signal });
      if (contentLength > maxBytes) {
        throw new BlobClientError('BLOB_TOO_LARGE', `the blob has more than ${maxBytes} bytes`);
      }
      if (contentLength === 0) return new Uint8Array();
      const bytes = await blob.downloadToBuffer(0, contentLength, { abortSignal: signal });
      return Uint8Array.from(bytes);
    } catch (failure) {
      throw storageFailure(failure);
    }
  },
});
