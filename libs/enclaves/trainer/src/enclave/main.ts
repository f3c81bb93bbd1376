import { randomBytes } from 'node:crypto';
import { bearKeyPair } from './key-pair';
import { createTrainer } from './trainer';

/** The measured program: what its host may call. */
export const ecalls = createTrainer(bearKeyPair(), {
  bytes: (length) => new Uint8Array(randomBytes(length)),
});
