import { randomBytes } from 'node:crypto';
import { obtainKey } from '@touchstone/enclave-key-release';
import { defineEnclave, generateRsaKeyPair } from '@touchstone/enclave-sdk';
import { createJointTrainer } from './joint-trainer';

const MODULUS_BITS = 2048;

/** The measured program: what its host may call. */
export const ecalls = defineEnclave(
  createJointTrainer({
    keyPair: generateRsaKeyPair(MODULUS_BITS),
    random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
    obtain: obtainKey,
  }),
);
