import { defineEnclave } from '@touchstone/enclave-sdk';
import { createTokenSigner } from './token-signer';

/** The measured program: what its host may call. */
export const ecalls = defineEnclave(createTokenSigner());
