import { BlobClientError } from './blob-client-error';

const FIRST_SERVER_ERROR = 500;

interface RestFailure {
  readonly statusCode?: unknown;
  readonly code?: unknown;
  readonly details?: { readonly errorCode?: unknown; readonly requestId?: unknown };
  readonly response?: { readonly headers?: { get(name: string): string | undefined } };
}

/** A failure of the storage library, without what it carries of the request: an address may hold a shared access signature. */
export function storageFailure(failure: unknown): BlobClientError {
  if (failure instanceof BlobClientError) return failure;
  const { statusCode, code, details, response } = (failure ?? {}) as RestFailure;
  if (typeof statusCode !== 'number' || statusCode >= FIRST_SERVER_ERROR) {
    return new BlobClientError('STORAGE_UNAVAILABLE', 'the storage account gave no usable answer');
  }
  const named = details?.errorCode ?? code;
  const requestId = response?.headers?.get('x-ms-request-id');
  return new BlobClientError('STORAGE_REFUSED', `the storage account answered ${statusCode}`, {
    refusal: {
      status: statusCode,
      code: typeof named === 'string' ? named : 'Unknown',
      ...(requestId !== undefined && { requestId }),
    },
  });
}
