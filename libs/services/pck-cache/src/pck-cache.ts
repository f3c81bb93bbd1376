import type { Clock, DocumentCache, Logger } from '@touchstone/ports';
import { createDocuments, type CachingFillMode, type Documents } from './documents';
import { createPlatforms, type Platforms } from './platforms';
import type { PcsUpstream } from './upstream';

export interface PckCacheOptions {
  readonly store: DocumentCache;
  readonly upstream: PcsUpstream;
  readonly clock: Clock;
  readonly logger: Logger;
  /** LAZY when absent. */
  readonly mode?: CachingFillMode;
}

/** A cache in front of a provisioning certification service: its documents, and PCK certificates by platform. */
export interface PckCache extends Platforms {
  document: Documents['get'];
  refresh: Documents['refresh'];
  /** Grows whenever an answer may change. */
  revision(): number;
}

export function createPckCache({ mode = 'LAZY', ...deps }: PckCacheOptions): PckCache {
  const documents = createDocuments({ ...deps, mode });
  const platforms = createPlatforms({ ...deps, mode, documents });
  return {
    ...platforms,
    document: documents.get,
    refresh: documents.refresh,
    revision: () => documents.revision() + platforms.revision(),
  };
}
