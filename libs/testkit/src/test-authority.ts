import {
  type Authority,
  type AuthorityKeys,
  createAuthority,
  newAuthorityKeys,
} from '@touchstone/authority';
import { SIGSTRUCT_KEY_BITS, generateRsaKey } from '@touchstone/platform';
import { seededRandom } from './seeded';

/** When the authorities of the tests were founded: long enough before `TEST_NOW` for every document to be in its window. */
export const FOUNDED_AT = new Date('2026-01-05T06:07:08Z');

// Drawing RSA primes takes a third of a second each: once for a seed in a test process.
const keysOfSeed = new Map<string, AuthorityKeys>();
const authorKeys = new Map<string, Uint8Array>();

function once<Value>(known: Map<string, Value>, seed: string, make: () => Value): Value {
  const found = known.get(seed);
  if (found !== undefined) return found;
  const made = make();
  known.set(seed, made);
  return made;
}

/** The simulated Intel of a seed. */
export const anAuthority = (seed = 'testkit'): Authority =>
  createAuthority({
    keys: once(keysOfSeed, seed, () =>
      newAuthorityKeys(seededRandom(`${seed}/authority`), FOUNDED_AT),
    ),
  });

/** The key (PKCS#8 DER, RSA-3072, e = 3) of somebody who signs enclaves. */
export const anAuthorKey = (seed = 'testkit'): Uint8Array =>
  once(authorKeys, seed, () =>
    generateRsaKey(seededRandom(`${seed}/author`), {
      modulusBits: SIGSTRUCT_KEY_BITS,
      publicExponent: 3,
    }),
  );
