import { toHex } from '@touchstone/bytes';
import { parseCertificate } from '@touchstone/pki';
import type {
  AttestationProviderRecord,
  AttestationProviderStore,
  Clock,
  Logger,
  Random,
} from '@touchstone/ports';
import { AttestationError } from './attestation-error';
import { MAX_SIGNERS } from './provider-changes';
import { REGIONS, providerHost } from './regions';
import type { ProviderKeys } from './signing-keys';

const ID_BYTES = 16;
/** A DNS label: it stands in host names and, at the service's own origin, as first segment of paths. */
export const PROVIDER_NAME = /^[a-z0-9](?:[a-z0-9-]{1,22})[a-z0-9]$/;
/** Names that mean something else there, and those of the shared providers of all regions. */
const RESERVED = /^(?:shared.*|operator|healthz|readyz|metrics)$/;

export interface ProviderRequest {
  readonly name: string;
  readonly location: string;
  /** DER certificates that will sign policies: with them the provider is isolated. */
  readonly signers: readonly Uint8Array[];
}

/** Makes providers and takes them away: what Azure's resource manager does. */
export interface ProviderRegistry {
  /** Answers while the provider is `NotReady` still; it is `Ready` when its key is. */
  create(request: ProviderRequest): Promise<AttestationProviderRecord>;
  list(): Promise<readonly AttestationProviderRecord[]>;
  /** @throws AttestationError ATTESTATION_UNKNOWN_PROVIDER */
  show(name: string): Promise<AttestationProviderRecord>;
  delete(name: string): Promise<void>;
  /** Goes on with what a stop interrupted, or what could not be done the last time. */
  resume(): Promise<void>;
  /** Resolves when no provider is being made ready. */
  settled(): Promise<void>;
}

export interface ProviderRegistryDeps {
  readonly store: AttestationProviderStore;
  readonly keys: Pick<ProviderKeys, 'withSigner'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

export function createProviderRegistry(deps: ProviderRegistryDeps): ProviderRegistry {
  const { store, keys, clock, random, logger } = deps;
  const working = new Map<string, Promise<void>>();

  async function show(name: string): Promise<AttestationProviderRecord> {
    const record = await store.find(name.toLowerCase());
    if (record) return record;
    throw new AttestationError(
      'ATTESTATION_UNKNOWN_PROVIDER',
      'The attestation provider does not exist.',
      { field: 'name' },
    );
  }

  async function makeReady(record: AttestationProviderRecord): Promise<void> {
    try {
      const issuer = `https://${providerHost(record.name, record.region)}`;
      await keys.withSigner(record.region, issuer, () => undefined);
      // Nobody else changes a provider that is not ready; one that was deleted meanwhile stays deleted.
      await store.replace({ ...record, state: 'Ready' });
    } catch (error) {
      logger.warn('a provider was not made ready', { provider: record.name, error });
    }
  }

  function begin(record: AttestationProviderRecord): void {
    const { id } = record;
    if (working.has(id)) return;
    working.set(
      id,
      makeReady(record).finally(() => working.delete(id)),
    );
  }

  return {
    async create(request) {
      const record: AttestationProviderRecord = {
        ...accepted(request),
        id: toHex(random.bytes(ID_BYTES)),
        state: 'NotReady',
        policies: {},
        createdAt: clock.now(),
        revision: 0,
      };
      if ((await store.add(record)) === 'exists')
        throw new AttestationError('ATTESTATION_PROVIDER_EXISTS', 'The name is taken.', {
          field: 'name',
        });
      begin(record);
      return record;
    },
    list: () => store.list(),
    show,
    async delete(name) {
      await store.remove((await show(name)).id);
    },
    async resume() {
      const records = await store.list();
      records.filter(({ state }) => state === 'NotReady').forEach(begin);
    },
    async settled() {
      await Promise.all(working.values());
    },
  };
}

function accepted({ name, location, signers }: ProviderRequest) {
  const folded = name.toLowerCase();
  if (!PROVIDER_NAME.test(folded) || RESERVED.test(folded))
    throw invalid('The name must be 3 to 24 letters and digits, and none of ours.', 'name');
  const region = location.toLowerCase().replaceAll(' ', '');
  if (!Object.hasOwn(REGIONS, region)) throw invalid('There is no such location.', 'location');
  if (signers.length > MAX_SIGNERS) throw invalid('There are too many signers.', 'signers');
  signers.forEach(assertCertificate);
  const trustModel = signers.length > 0 ? ('Isolated' as const) : ('AAD' as const);
  return { name: folded, region, signers, trustModel };
}

function assertCertificate(der: Uint8Array): void {
  try {
    // A key that cannot be used could never sign, and its provider never get a policy.
    void parseCertificate(der).publicKey;
  } catch (cause) {
    throw invalid('A signer is no certificate.', 'signers', cause);
  }
}

const invalid = (message: string, field: string, cause?: unknown): AttestationError =>
  new AttestationError('ATTESTATION_PROVIDER_INVALID', message, { field, cause });
