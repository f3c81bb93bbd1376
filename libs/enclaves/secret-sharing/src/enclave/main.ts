import { defineEnclave } from '@touchstone/enclave-sdk';
import { createSecretSharing } from './secret-sharing';

/** The measured program: what its host may call. */
export const ecalls = defineEnclave(createSecretSharing());
