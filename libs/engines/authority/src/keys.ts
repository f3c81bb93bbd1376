import { fromUtf8, sha256 } from '@touchstone/bytes';
import { ecSignerFromPkcs8, ecSignerFromScalar, newEcScalar, type EcSigner } from '@touchstone/pki';
import { generateRsaKey, SIGSTRUCT_KEY_BITS } from '@touchstone/platform';
import type { Random } from '@touchstone/ports';
import type { PckCa } from './processor-model';
import { wholeSeconds } from './window';

/** The two RSA-3072 keys, PKCS#8 DER. */
export interface AuthorityRsaKeys {
  /** Decrypts PPIDs; public exponent 65537. */
  readonly ppidEncryption: Uint8Array;
  /** Signs the architectural enclaves (SIGSTRUCT); public exponent 3. */
  readonly enclaveSigning: Uint8Array;
}

/** All that an authority is made of, to be kept: private keys in PKCS#8 DER, and the instant its certificates begin. */
export interface AuthorityKeys extends AuthorityRsaKeys {
  readonly foundedAt: Date;
  readonly root: Uint8Array;
  readonly processorCa: Uint8Array;
  readonly platformCa: Uint8Array;
  readonly tcbSigning: Uint8Array;
}

/**
 * New keys for an authority founded at `at`. The same stream of randomness gives the same keys. RSA keys may be handed
 * in, because drawing their primes from `random` takes a second or two.
 */
export function newAuthorityKeys(random: Random, at: Date, rsa?: AuthorityRsaKeys): AuthorityKeys {
  const next = (): Uint8Array => ecSignerFromScalar(newEcScalar(random)).toPkcs8();
  const { ppidEncryption, enclaveSigning } = rsa ?? newRsaKeys(random);
  return {
    foundedAt: wholeSeconds(at),
    root: next(),
    processorCa: next(),
    platformCa: next(),
    tcbSigning: next(),
    ppidEncryption,
    enclaveSigning,
  };
}

function newRsaKeys(random: Random): AuthorityRsaKeys {
  const modulusBits = SIGSTRUCT_KEY_BITS;
  return {
    ppidEncryption: generateRsaKey(random, { modulusBits, publicExponent: 65537 }),
    enclaveSigning: generateRsaKey(random, { modulusBits, publicExponent: 3 }),
  };
}

export interface AuthoritySigners {
  readonly root: EcSigner;
  readonly ca: Readonly<Record<PckCa, EcSigner>>;
  readonly tcbSigning: EcSigner;
  /** Somebody else's key, for documents that only look like the authority's. */
  readonly forger: EcSigner;
}

export const signersOf = (keys: AuthorityKeys): AuthoritySigners => ({
  root: ecSignerFromPkcs8(keys.root),
  ca: {
    processor: ecSignerFromPkcs8(keys.processorCa),
    platform: ecSignerFromPkcs8(keys.platformCa),
  },
  tcbSigning: ecSignerFromPkcs8(keys.tcbSigning),
  forger: ecSignerFromScalar(sha256(fromUtf8('touchstone/forger'), keys.root)),
});
