import { hasCode } from '@touchstone/errors';
import type { CachedDocument, Clock, DocumentCache, Logger } from '@touchstone/ports';
import { DOCUMENT_KINDS, keyOf, nameOf, type DocumentName } from './document-name';
import { nextUpdateOf } from './next-update';
import { PckCacheError } from './pck-cache-error';
import { Recent } from './recent';
import { singleFlight } from './single-flight';
import { fetchDocument, type PcsUpstream, type UpstreamDocument } from './upstream';

/**
 * How the cache fills itself (the names are Intel's). LAZY: whatever is missing is fetched when it is asked for. REQ and
 * OFFLINE: only what is there is served; OFFLINE never speaks to the upstream at all.
 */
export type CachingFillMode = 'LAZY' | 'REQ' | 'OFFLINE';

/** Documents kept ready in memory; the rest is read from the store. */
export const MAX_DOCUMENTS_IN_MEMORY = 4_096;

/** CRLs by address that are kept: addresses are the caller's to make up, so beyond this they only pass through. */
export const MAX_CRL_ADDRESSES = 64;

/** A document past its next update is asked for again, but after a failure not sooner than this. */
export const RETRY_STALE_MS = 60_000;

export interface ServedDocument {
  /** Exactly as the upstream sent it. */
  readonly body: Uint8Array;
  readonly contentType: string;
  /** Percent-encoded PEM; empty for CRLs that come by address. */
  readonly issuerChain: string;
  /** Milliseconds since the epoch until which the document needs no second look. */
  readonly freshUntil: number;
}

export interface RefreshReport {
  readonly refreshed: number;
  /** Keys of documents that stay as they were. */
  readonly failed: readonly string[];
}

export interface Documents {
  /** From memory, the store or the upstream. PCK_CACHE_NO_DATA, PCK_CACHE_UPSTREAM_FAILED. */
  get(name: DocumentName): Promise<ServedDocument>;
  /** Fetches every document anew that was ever asked for. */
  refresh(): Promise<RefreshReport>;
  /** Grows whenever a document changes. */
  revision(): number;
}

export interface DocumentsOptions {
  readonly store: DocumentCache;
  readonly upstream: PcsUpstream;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly mode: CachingFillMode;
}

const CHAIN = 'issuer-chain';

export function createDocuments(options: DocumentsOptions): Documents {
  const { store, upstream, clock, logger, mode } = options;
  const memory = new Recent<ServedDocument>(MAX_DOCUMENTS_IN_MEMORY);
  const flight = singleFlight<ServedDocument>();
  let revision = 0;

  const isFresh = ({ freshUntil }: ServedDocument): boolean => freshUntil > clock.now().getTime();

  const keep = (key: string, document: ServedDocument): ServedDocument => {
    memory.set(key, document);
    revision += 1;
    return document;
  };

  const fetchAndKeep = async (name: DocumentName): Promise<ServedDocument> => {
    const key = keyOf(name);
    const fetched = await fetchDocument(upstream, name);
    const cached = toCached(key, fetched, clock.now());
    if (await hasRoom(store, name, key)) await store.put([cached]);
    return keep(key, served(name, cached));
  };

  /** A failure while a copy is held: the copy goes on being served, and is not tried again for a while. */
  const heldOver = (key: string, held: ServedDocument, error: unknown): ServedDocument => {
    logger.warn('upstream failed, a held document is served', { key, error });
    return keep(key, { ...held, freshUntil: clock.now().getTime() + RETRY_STALE_MS });
  };

  const load = async (name: DocumentName): Promise<ServedDocument> => {
    const key = keyOf(name);
    const held = memory.get(key) ?? (await fromStore(name, key));
    if (held && (isFresh(held) || mode === 'OFFLINE')) return keep(key, held);
    if (!held && mode !== 'LAZY') throw noData(key);
    try {
      return await fetchAndKeep(name);
    } catch (error) {
      if (held) return heldOver(key, held, error);
      throw upstreamFailure(key, error);
    }
  };

  const fromStore = async (
    name: DocumentName,
    key: string,
  ): Promise<ServedDocument | undefined> => {
    const kept = await store.get(key);
    return kept && served(name, kept);
  };

  return {
    revision: () => revision,
    get: async (name) => {
      const key = keyOf(name);
      const known = memory.get(key);
      return known && isFresh(known) ? known : flight(key, () => load(name));
    },
    refresh: async () => {
      if (mode === 'OFFLINE') throw new PckCacheError('PCK_CACHE_OFFLINE', 'there is no upstream');
      const failed: string[] = [];
      let refreshed = 0;
      for (const key of await keptKeys(store)) {
        const name = nameOf(key);
        if (!name) continue;
        try {
          await fetchAndKeep(name);
          refreshed += 1;
        } catch (error) {
          logger.warn('a document could not be refreshed', { key, error });
          failed.push(key);
        }
      }
      return { refreshed, failed };
    },
  };
}

async function hasRoom(store: DocumentCache, name: DocumentName, key: string): Promise<boolean> {
  if (name.kind !== 'crl') return true;
  const addresses = await store.keys('crl/');
  return addresses.length < MAX_CRL_ADDRESSES || addresses.includes(key);
}

async function keptKeys(store: DocumentCache): Promise<readonly string[]> {
  const keys = await Promise.all(DOCUMENT_KINDS.map((kind) => store.keys(kind)));
  // The prefix of one kind may be that of another.
  return [...new Set(keys.flat())];
}

const toCached = (key: string, document: UpstreamDocument, fetchedAt: Date): CachedDocument => ({
  key,
  body: document.body,
  contentType: document.contentType,
  headers: { [CHAIN]: document.issuerChain.encoded },
  fetchedAt,
});

const served = (
  name: DocumentName,
  { body, contentType, headers }: CachedDocument,
): ServedDocument => ({
  body,
  contentType,
  issuerChain: headers[CHAIN] ?? '',
  freshUntil: nextUpdateOf(name, body)?.getTime() ?? Infinity,
});

const noData = (key: string, cause?: unknown): PckCacheError =>
  new PckCacheError('PCK_CACHE_NO_DATA', 'nothing is cached for this request', {
    field: key,
    ...(cause === undefined ? {} : { cause }),
  });

/** What a failed fetch means to whoever asked: the upstream has nothing, or does not answer as it should. */
export function upstreamFailure(what: string, error: unknown): unknown {
  if (hasCode(error, 'PCS_NOT_FOUND', 'PCS_GONE')) return noData(what, error);
  if (!hasCode(error) || !error.code.startsWith('PCS_')) return error;
  return new PckCacheError('PCK_CACHE_UPSTREAM_FAILED', 'the upstream does not give the document', {
    field: what,
    cause: error,
  });
}
