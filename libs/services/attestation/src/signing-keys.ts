import type { SelfSignedLayout } from '@touchstone/pki';
import type { Clock, DocumentCache, Random, RotatingKeyStore } from '@touchstone/ports';
import type { TokenSigner } from '@touchstone/token';
import { enclaveKeys } from './enclave-key';
import { signingAt, type DatedKey } from './key-line';
import { plainKeys } from './plain-key';
import { TEE_REGIONS } from './regions';
import type { KeyKind, ProviderSigner } from './region-key';
import { createRegionKeys, type RegionKeys } from './region-keys';
import type { SignerEnclaves } from './signer-enclaves';
import { teeUnavailable } from './tee-unavailable';

/** How far ahead a new key may be announced. */
export const MAX_ANNOUNCE_SECONDS = 86_400;

/** A key as it is published: its certificate is in the name of the provider that was asked. */
export type PublishedKey = Pick<TokenSigner, 'kid' | 'certificates' | 'spki'>;

/** A key of a region, for whoever runs the service. */
export interface KeyDescription {
  readonly kid: string;
  readonly state: 'announced' | 'signing' | 'retired';
  readonly createdAt: Date;
  /** When it stops signing, or did. */
  readonly retiredAt?: Date;
  /** Of a key that was born in an enclave. */
  readonly quote?: Uint8Array;
}

/** Keys belong to regions; each provider there signs with them, under a certificate in its own name. */
export interface ProviderKeys {
  /** Does the work with the key that signs in `region` now; it may be done twice, when a key is lost on the way. */
  withSigner<Result>(
    region: string,
    issuer: string,
    work: (signer: ProviderSigner) => Result | Promise<Result>,
  ): Promise<Result>;
  /** All keys of `region` whose signatures still verify, the signing one first. */
  published(
    region: string,
    issuer: string,
    layout?: SelfSignedLayout,
  ): Promise<readonly PublishedKey[]>;
  /** A new key for `region`, published at once, that signs `announceSeconds` later. Answers with all keys, newest first. */
  rotate(region: string, announceSeconds: number): Promise<readonly KeyDescription[]>;
  /** All keys of `region` that are still published, newest first. Makes none. */
  describe(region: string): Promise<readonly KeyDescription[]>;
}

export interface ProviderKeysOptions {
  readonly store: RotatingKeyStore;
  /** Keeps the certificates of keys that live in enclaves. */
  readonly documents: DocumentCache;
  readonly clock: Clock;
  readonly random: Random;
  /** Without them the providers of TEE regions have no key: a plain one would pretend. */
  readonly enclaves?: SignerEnclaves;
}

/** Keys are made on first use and kept in the store; a certificate is made for each name they sign under. */
export function createProviderKeys(options: ProviderKeysOptions): ProviderKeys {
  const { store, clock } = options;
  const regions = new Map<string, RegionKeys>();

  function keysOf(region: string): RegionKeys {
    const known = regions.get(region);
    if (known) return known;
    const keys = createRegionKeys({ kind: kindOf(region, options), store, clock });
    regions.set(region, keys);
    return keys;
  }

  async function describe(region: string): Promise<readonly KeyDescription[]> {
    const keys = await keysOf(region).listed();
    const now = clock.now();
    const signing = signingAt(keys, now);
    return keys.map((key) => description(key, key === signing, now));
  }

  return {
    withSigner: (region, issuer, work) => keysOf(region).withSigner(issuer, work),
    async published(region, issuer, layout = '2022') {
      const keys = keysOf(region);
      const [signing, ...others] = await certified(keys, issuer, layout);
      if (signing) return [signing, ...others].flatMap((key) => key ?? []);
      // The key was lost before it signed for that issuer: the next one comes now, and not with the next token.
      await keys.withSigner(issuer, () => undefined);
      return (await certified(keys, issuer, layout)).flatMap((key) => key ?? []);
    },
    async rotate(region, announceSeconds) {
      await keysOf(region).rotate(announceSeconds * 1000);
      return describe(region);
    },
    describe,
  };
}

/** In the order of `published`; undefined for those that nobody can certify for `issuer` any more. */
async function certified(
  keys: RegionKeys,
  issuer: string,
  layout: SelfSignedLayout,
): Promise<readonly (PublishedKey | undefined)[]> {
  return Promise.all(
    (await keys.published()).map(async ({ key: { kid, spki, certificate } }) => {
      const der = await certificate(issuer, layout);
      return der && { kid, spki, certificates: [der] };
    }),
  );
}

function description(
  { key: { kid, quote }, createdAt, retiredAt }: DatedKey,
  signing: boolean,
  now: Date,
): KeyDescription {
  const waiting = retiredAt === undefined || retiredAt > now ? 'announced' : 'retired';
  return {
    kid,
    state: signing ? 'signing' : waiting,
    createdAt,
    ...(retiredAt && { retiredAt }),
    ...(quote && { quote }),
  };
}

function kindOf(region: string, options: ProviderKeysOptions): KeyKind {
  if (!TEE_REGIONS.has(region)) return plainKeys(region);
  const { documents, random, enclaves = noEnclaves } = options;
  return enclaveKeys({ region, enclaves, documents, random });
}

const absent = async (): Promise<never> => {
  throw teeUnavailable('there is no enclave host');
};
const noEnclaves: SignerEnclaves = { bear: absent, sign: absent, end: absent };
