import type { DocumentCache, Logger } from '@touchstone/ports';
import { fromDocuments, toDocuments, type CollateralMember } from './collateral-documents';
import { createSnapshot, snapshotName, type CollateralSnapshot } from './collateral-snapshot';
import type { CollateralKey } from './collateral-source';

/** Snapshots on disk, so that a restart neither waits for the cache nor forgets how new its documents were. */
export interface CollateralArchive {
  save(snapshot: CollateralSnapshot): Promise<void>;
  load(): Promise<readonly CollateralSnapshot[]>;
  clear(): Promise<void>;
}

const PREFIX = 'collateral/';
const NAME = /^collateral\/([0-9a-f]{12})\/(processor|platform)\/tcbInfo$/;
const MEMBERS = [
  'tcbInfo',
  'tcbInfoIssuerChain',
  'qeIdentity',
  'qeIdentityIssuerChain',
  'pckCrl',
  'pckCrlIssuerChain',
  'rootCaCrl',
] as const satisfies readonly CollateralMember[];

/** Where all that is kept of a platform family stands; clearing the archive clears it. */
export const archivePrefix = (key: CollateralKey): string => `${PREFIX}${snapshotName(key)}/`;

export function createCollateralArchive(
  documents: DocumentCache,
  logger: Logger,
): CollateralArchive {
  async function loadOne(key: CollateralKey): Promise<CollateralSnapshot | undefined> {
    const found = await fromDocuments(documents, archivePrefix(key), MEMBERS);
    if (!found) return undefined;
    try {
      return createSnapshot(key, found.members, found.fetchedAt);
    } catch (error) {
      logger.warn('a stored copy of collateral cannot be read', { ...key, error });
      return undefined;
    }
  }

  return {
    save: ({ key, collateral, fetchedAt }) =>
      documents.put(toDocuments(archivePrefix(key), MEMBERS, collateral, fetchedAt)),
    async load() {
      const names = await documents.keys(PREFIX);
      const snapshots = await Promise.all(names.flatMap(keyOf).map(loadOne));
      return snapshots.filter((snapshot) => snapshot !== undefined);
    },
    async clear() {
      for (const key of await documents.keys(PREFIX)) await documents.delete(key);
    },
  };
}

function keyOf(name: string): readonly CollateralKey[] {
  const [, fmspc, ca] = NAME.exec(name) ?? [];
  return fmspc !== undefined && (ca === 'processor' || ca === 'platform') ? [{ fmspc, ca }] : [];
}
