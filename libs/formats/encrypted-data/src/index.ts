export {
  DATA_KEY_BYTES,
  decryptData,
  encryptData,
  ENCRYPTION_OVERHEAD_BYTES,
} from './encrypted-data';
