export { KEY_WRAP_ALGORITHMS, isKeyWrapAlgorithm } from './algorithm';
export type { KeyWrapAlgorithm } from './algorithm';
export { MAX_WRAPPED_KEY_BYTES, aesUnwrapPad, aesWrapPad } from './aes-key-wrap-pad';
export { MAX_KEY_HSM_CHARACTERS, decodeKeyHsm, encodeKeyHsm } from './key-hsm';
export type { KeyHsm } from './key-hsm';
export { MAX_KEK_BITS, MIN_KEK_BITS, unwrapKey, wrapKey } from './key-wrap';
export type { UnwrapKeyInput, WrapKeyInput } from './key-wrap';
export { KeyWrapError } from './key-wrap-error';
export type { KeyWrapErrorCode } from './key-wrap-error';
