import type { StoragePipelineOptions } from '@azure/storage-blob';

const RETRIES = 3;
const TRY_MILLISECONDS = 20_000;

/** How requests are sent. `ca` (PEM) is what the service's certificate must lead to; the public authorities unless given. */
export const pipelineOptions = (ca: string | undefined): StoragePipelineOptions => ({
  retryOptions: { maxTries: RETRIES, tryTimeoutInMs: TRY_MILLISECONDS, retryDelayInMs: 200 },
  // Taken by the library's pipeline, though not named in the type.
  ...(ca !== undefined && { tlsOptions: { ca } }),
});
