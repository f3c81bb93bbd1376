import { CodedError } from '@touchstone/errors';
import type { AttestationProviderStore, Logger } from '@touchstone/ports';
import { AttestationError } from './attestation-error';
import { DEFAULT_PROVIDERS } from './providers';
import { MAX_ANNOUNCE_SECONDS, type KeyDescription, type ProviderKeys } from './signing-keys';

/** The keys of a region after what was asked, or why it was not done there. */
export type RegionReport =
  | { readonly region: string; readonly keys: readonly KeyDescription[] }
  | { readonly region: string; readonly failure: CodedError };

export interface RotationRequest {
  /** Its region's keys; without it those of all regions that have providers. */
  readonly provider?: string;
  /** How long a new key is published before it signs. */
  readonly announceSeconds: number;
}

/** What whoever runs the service does with signing keys. */
export interface KeyAdministration {
  /** @throws AttestationError ATTESTATION_UNKNOWN_PROVIDER */
  list(provider?: string): Promise<readonly RegionReport[]>;
  /** @throws AttestationError ATTESTATION_UNKNOWN_PROVIDER, ATTESTATION_ROTATION_INVALID */
  rotate(request: RotationRequest): Promise<readonly RegionReport[]>;
}

export interface KeyAdministrationDeps {
  readonly keys: Pick<ProviderKeys, 'rotate' | 'describe'>;
  readonly providers: AttestationProviderStore;
  readonly logger: Logger;
}

export function createKeyAdministration(deps: KeyAdministrationDeps): KeyAdministration {
  const { keys, providers, logger } = deps;

  async function regionsOf(provider: string | undefined): Promise<readonly string[]> {
    const owned = await providers.list();
    const known = [...DEFAULT_PROVIDERS, ...owned];
    if (provider === undefined) return [...new Set(known.map(({ region }) => region))];
    const found = known.find(({ name }) => name === provider.toLowerCase());
    if (found) return [found.region];
    throw new AttestationError(
      'ATTESTATION_UNKNOWN_PROVIDER',
      'The attestation provider does not exist.',
      { field: 'provider' },
    );
  }

  /** One region after the other; what fails in one is told beside what was done in the others. */
  async function inEach(
    provider: string | undefined,
    work: (region: string) => Promise<readonly KeyDescription[]>,
  ): Promise<readonly RegionReport[]> {
    const reports: RegionReport[] = [];
    for (const region of await regionsOf(provider)) {
      try {
        reports.push({ region, keys: await work(region) });
      } catch (failure) {
        if (!(failure instanceof CodedError)) throw failure;
        reports.push({ region, failure });
      }
    }
    return reports;
  }

  return {
    list: (provider) => inEach(provider, (region) => keys.describe(region)),
    async rotate({ provider, announceSeconds }) {
      assertAnnouncement(announceSeconds);
      return inEach(provider, async (region) => {
        const rotated = await keys.rotate(region, announceSeconds);
        logger.info('signing keys rotated', { region, kid: rotated[0]?.kid, announceSeconds });
        return rotated;
      });
    },
  };
}

function assertAnnouncement(seconds: number): void {
  if (Number.isInteger(seconds) && seconds >= 0 && seconds <= MAX_ANNOUNCE_SECONDS) return;
  throw new AttestationError(
    'ATTESTATION_ROTATION_INVALID',
    `A key is announced for 0 to ${MAX_ANNOUNCE_SECONDS} seconds.`,
    { field: 'announceSeconds' },
  );
}
