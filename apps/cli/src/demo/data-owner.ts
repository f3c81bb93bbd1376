import { sha256, toHex } from '@touchstone/bytes';
import { encryptDataset, type Dataset } from '@touchstone/image-classifier';
import { DATA_KEY_BYTES } from '@touchstone/encrypted-data';
import { systemRandom } from '@touchstone/runtime';

/** The party that owns the data: it trusts the hardware vendor, one attestation provider and one reviewed enclave. */
export interface DataOwner {
  readonly dataKey: Uint8Array;
  readonly encrypted: Uint8Array;
  readonly encryptedSha256: string;
}

export function encryptAsOwner(dataset: Dataset): DataOwner {
  const dataKey = systemRandom.bytes(DATA_KEY_BYTES);
  const encrypted = encryptDataset(dataset, dataKey, systemRandom);
  return { dataKey, encrypted, encryptedSha256: toHex(sha256(encrypted)) };
}
