import { encryptData } from '@touchstone/encrypted-data';
import type { Random } from '@touchstone/ports';

/** What is inside, and its version. */
export const STORED_DATA_LABEL = 'TSSTORE1';

/** What a data owner leaves in a storage account. `key` has 32 bytes. */
export const encryptStoredData = (key: Uint8Array, plain: Uint8Array, random: Random): Uint8Array =>
  encryptData(STORED_DATA_LABEL, key, plain, random);
