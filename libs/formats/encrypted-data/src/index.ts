export {
  DATA_KEY_BYTES,
  decryptData,
  derivedKey,
  encryptData,
  ENCRYPTION_OVERHEAD_BYTES,
} from './encrypted-data';
