import { generateRsaKey } from '../rsa-key';
import { seeded } from './seeded';

const signer = (seed: string): Uint8Array =>
  generateRsaKey(seeded(seed), { modulusBits: 3072, publicExponent: 3 });

/** The simulated vendor's enclave-signing key and an author's, made anew in each test file. */
export const VENDOR_KEY = signer('vendor');
export const AUTHOR_KEY = signer('author');
