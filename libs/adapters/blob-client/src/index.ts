export { createBlobReader } from './blob-reader';
export type { BlobReader, BlobReaderOptions } from './blob-reader';
export { createBlobOwner } from './blob-owner';
export type { BlobOwner, BlobOwnerOptions } from './blob-owner';
export { BlobClientError } from './blob-client-error';
export type { BlobClientErrorCode, StorageRefusal } from './blob-client-error';
