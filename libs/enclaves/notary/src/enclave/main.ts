import { defineEnclave } from '@touchstone/enclave-sdk';
import { quote } from './notary';

/** The measured program: what its host may call. */
export const ecalls = defineEnclave({ quote });
