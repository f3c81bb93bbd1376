import { fromUtf8, toUtf8 } from '@touchstone/bytes';
import type { Collateral } from '@touchstone/collateral';
import type { CachedDocument, DocumentCache, Logger } from '@touchstone/ports';
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
] as const satisfies readonly (keyof Collateral)[];

export function createCollateralArchive(
  documents: DocumentCache,
  logger: Logger,
): CollateralArchive {
  async function loadOne(key: CollateralKey): Promise<CollateralSnapshot | undefined> {
    const found = new Map<string, CachedDocument>();
    for (const member of MEMBERS) {
      const document = await documents.get(documentKey(key, member));
      if (!document) return undefined;
      found.set(member, document);
    }
    try {
      return createSnapshot(
        key,
        collateralOf(found),
        found.get('tcbInfo')?.fetchedAt ?? new Date(0),
      );
    } catch (error) {
      logger.warn('a stored copy of collateral cannot be read', { ...key, error });
      return undefined;
    }
  }

  return {
    save: (snapshot) => documents.put(MEMBERS.map((member) => documentOf(snapshot, member))),
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

const documentKey = (key: CollateralKey, member: string): string =>
  `${PREFIX}${snapshotName(key)}/${member}`;

function keyOf(name: string): readonly CollateralKey[] {
  const [, fmspc, ca] = NAME.exec(name) ?? [];
  return fmspc !== undefined && (ca === 'processor' || ca === 'platform') ? [{ fmspc, ca }] : [];
}

function documentOf(snapshot: CollateralSnapshot, member: keyof Collateral): CachedDocument {
  const value = snapshot.collateral[member];
  return {
    key: documentKey(snapshot.key, member),
    body: typeof value === 'string' ? fromUtf8(value) : value,
    contentType: typeof value === 'string' ? 'application/x-pem-file' : 'application/octet-stream',
    headers: {},
    fetchedAt: snapshot.fetchedAt,
  };
}

function collateralOf(found: ReadonlyMap<string, CachedDocument>): Collateral {
  const bytes = (member: keyof Collateral): Uint8Array =>
    found.get(member)?.body ?? new Uint8Array();
  return {
    tcbInfo: bytes('tcbInfo'),
    tcbInfoIssuerChain: toUtf8(bytes('tcbInfoIssuerChain')),
    qeIdentity: bytes('qeIdentity'),
    qeIdentityIssuerChain: toUtf8(bytes('qeIdentityIssuerChain')),
    pckCrl: bytes('pckCrl'),
    pckCrlIssuerChain: toUtf8(bytes('pckCrlIssuerChain')),
    rootCaCrl: bytes('rootCaCrl'),
  };
}
