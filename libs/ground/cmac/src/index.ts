export { AES_KEY_BYTES, CmacError, aesCmac } from './aes-cmac';
