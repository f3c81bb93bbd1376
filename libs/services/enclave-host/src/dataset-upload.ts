import { EnclaveHostError } from './enclave-host-error';

/** Encrypted data sets are passed into the enclave whole. */
export const MAX_DATASET_BYTES = 48 * 1024 * 1024;

/** Puts the chunks of an upload together, which must come to exactly the announced length. @throws HOST_DATASET_INVALID */
export async function collectDataset(
  announced: number,
  chunks: AsyncIterable<Uint8Array>,
): Promise<Uint8Array> {
  if (!Number.isSafeInteger(announced) || announced < 1 || announced > MAX_DATASET_BYTES) {
    throw invalid(`a data set has 1 to ${MAX_DATASET_BYTES} bytes`);
  }
  const dataset = new Uint8Array(announced);
  let offset = 0;
  for await (const chunk of chunks) {
    if (chunk.length > announced - offset) throw invalid('more bytes came than were announced');
    dataset.set(chunk, offset);
    offset += chunk.length;
  }
  if (offset !== announced) throw invalid('fewer bytes came than were announced');
  return dataset;
}

const invalid = (message: string): EnclaveHostError =>
  new EnclaveHostError('HOST_DATASET_INVALID', message, { field: 'dataset_bytes' });
