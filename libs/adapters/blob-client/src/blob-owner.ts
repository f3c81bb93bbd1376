import { pipelineOptions } from './pipeline';
import { storageFailure } from './storage-failure';

export interface BlobOwnerOptions {
  /** `https://<account>.blob.core.windows.net`, or with the account in the path. */
  readonly accountUrl: string;
  readonly account: string;
  /** Base64. */
  readonly accountKey: string;
  readonly ca?: string;
}

/** Whoever holds the key of a storage account. */
export interface BlobOwner {
  /** Makes the container if it is not there, and the blob, in blocks. Answers with its address. */
  upload(container: string, name: string, bytes: Uint8Array): Promise<string>;
  /** The blob's address with a shared access signature: whoever has it may read the blob, until it expires. */
  readableUrl(container: string, name: string, expires: Date): Promise<string>;
}

const BLOCK_BYTES = 1024 * 1024;
const CONCURRENT_BLOCKS = 4;

/** Throws BlobClientError STORAGE_REFUSED, STORAGE_UNAVAILABLE. */
export async function createBlobOwner(options: BlobOwnerOptions): Promise<BlobOwner> {
  const { accountUrl, account, accountKey, ca } = options;
  const { BlobSASPermissions, BlobServiceClient, StorageSharedKeyCredential } =
    await import('@azure/storage-blob');
  const credential = new StorageSharedKeyCredential(account, accountKey);
  const service = new BlobServiceClient(accountUrl, credential, pipelineOptions(ca));
  const client = (container: string, name: string) =>
    service.getContainerClient(container).getBlockBlobClient(name);
  return {
    upload: async (container, name, bytes) => {
      const blob = client(container, name);
      try {
        await service.getContainerClient(container).createIfNotExists();
        await blob.uploadData(bytes, {
          blockSize: BLOCK_BYTES,
          maxSingleShotSize: BLOCK_BYTES,
          concurrency: CONCURRENT_BLOCKS,
        });
      } catch (failure) {
        throw storageFailure(failure);
      }
      return blob.url;
    },
    readableUrl: (container, name, expires) =>
      client(container, name).generateSasUrl({
        permissions: BlobSASPermissions.parse('r'),
        expiresOn: expires,
      }),
  };
}
