import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { newAuthorityKeys, type AuthorityKeys, type AuthorityRsaKeys } from '@touchstone/authority';
import type { Clock, Random, SigningKeyRecord, SigningKeyStore } from '@touchstone/ports';

const PURPOSES = {
  root: 'sgx-root',
  processorCa: 'sgx-pck-processor-ca',
  platformCa: 'sgx-pck-platform-ca',
  tcbSigning: 'sgx-tcb-signing',
  ppidEncryption: 'sgx-ppid-encryption',
  enclaveSigning: 'sgx-enclave-signing',
} as const;

type KeyName = keyof typeof PURPOSES;
const NAMES = Object.keys(PURPOSES) as KeyName[];

const RSA_BITS = 3072;
const generate = promisify(generateKeyPair);

export interface FoundingOptions {
  readonly signingKeys: SigningKeyStore;
  readonly clock: Clock;
  readonly random: Random;
  /**
   * Draw the RSA keys from `random` too, and date everything from the beginning of the day, so that a seed gives the whole
   * authority however long its making takes; it takes longer.
   */
  readonly deterministic?: boolean;
}

const DAY_MS = 86_400_000;

/** The date of what is made now: to the day where a run must be repeatable, which no two runs are to the second. */
export const dateOfMaking = (clock: Clock, deterministic: boolean): Date => {
  const now = clock.now();
  return deterministic ? new Date(Math.floor(now.getTime() / DAY_MS) * DAY_MS) : now;
};

/** The keys of the authority: those that are kept, or new ones, kept from then on. */
export async function foundAuthority(options: FoundingOptions): Promise<AuthorityKeys> {
  const kept = await keptKeys(options.signingKeys);
  if (kept) return kept;
  await keepNewKeys(options);
  const founded = await keptKeys(options.signingKeys);
  if (founded) return founded;
  throw new TypeError('the signing key store does not keep what it is given');
}

async function keptKeys(store: SigningKeyStore): Promise<AuthorityKeys | undefined> {
  const records = await Promise.all(
    NAMES.map(async (name) => [name, (await store.list(PURPOSES[name]))[0]] as const),
  );
  const found = new Map(records);
  const key = (name: KeyName): Uint8Array => found.get(name)?.privateKey ?? new Uint8Array();
  const root = found.get('root');
  if (!root || NAMES.some((name) => found.get(name) === undefined)) return undefined;
  return {
    foundedAt: root.createdAt,
    root: key('root'),
    processorCa: key('processorCa'),
    platformCa: key('platformCa'),
    tcbSigning: key('tcbSigning'),
    ppidEncryption: key('ppidEncryption'),
    enclaveSigning: key('enclaveSigning'),
  };
}

/** Ids are fixed: of replicas that found at once, each key is that of whoever was first, and all read back the same. */
async function keepNewKeys({
  signingKeys,
  clock,
  random,
  deterministic = false,
}: FoundingOptions): Promise<void> {
  const rsa = deterministic ? undefined : await newRsaKeys();
  const keys = newAuthorityKeys(random, dateOfMaking(clock, deterministic), rsa);
  for (const name of NAMES) {
    const record: SigningKeyRecord = {
      id: PURPOSES[name],
      purpose: PURPOSES[name],
      privateKey: keys[name],
      certificates: [],
      createdAt: keys.foundedAt,
    };
    await signingKeys.add(record);
  }
}

/** Both at once, beside the event loop. */
async function newRsaKeys(): Promise<AuthorityRsaKeys> {
  const [ppidEncryption, enclaveSigning] = await Promise.all([newRsaKey(65537), newRsaKey(3)]);
  return { ppidEncryption, enclaveSigning };
}

async function newRsaKey(publicExponent: number): Promise<Uint8Array> {
  const { privateKey } = await generate('rsa', { modulusLength: RSA_BITS, publicExponent });
  return new Uint8Array(privateKey.export({ type: 'pkcs8', format: 'der' }));
}
