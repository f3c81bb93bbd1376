import { fromUtf8, toUtf8 } from '@touchstone/bytes';
import type { CachedDocument, DocumentCache } from '@touchstone/ports';
import type { PckCa } from './document-name';
import type { CandidateCertificate } from './pck-selection';

/** Which platform: the two values that do not change with its TCB. */
export interface PlatformKey {
  /** QE_ID as the caller writes it, upper-cased. */
  readonly qeId: string;
  /** 4 upper-case hex digits. */
  readonly pceId: string;
}

/** A raw TCB, as upper-case hex. */
export interface RawTcb {
  /** 32 digits. */
  readonly cpuSvn: string;
  /** 4 digits, little-endian. */
  readonly pceSvn: string;
}

/** What the cache knows of a platform. */
export interface PlatformRecord {
  readonly fmspc: string;
  readonly ca: PckCa;
  /** Percent-encoded PEM. */
  readonly issuerChain: string;
  readonly certificates: readonly CandidateCertificate[];
  /** Some certificates were not available: they may be later. */
  readonly incomplete: boolean;
  /** To ask again with; encrypted to the provisioning service. */
  readonly encryptedPpid: string;
}

const pathOf = ({ qeId, pceId }: PlatformKey): string => `${pceId}/${encodeURIComponent(qeId)}`;
const recordKey = (platform: PlatformKey): string => `platform/${pathOf(platform)}`;
const mappingPrefix = (platform: PlatformKey): string => `platform-tcb/${pathOf(platform)}/`;
const RECORDS = 'platform/';

export interface PlatformRecords {
  find(platform: PlatformKey): Promise<PlatformRecord | undefined>;
  /** The TCBM that was chosen for a raw TCB. */
  mapped(platform: PlatformKey, raw: RawTcb): Promise<string | undefined>;
  /** Raw TCBs that have been mapped. */
  rawTcbs(platform: PlatformKey): Promise<readonly RawTcb[]>;
  /** Writes a record and mappings together, or nothing. */
  save(
    platform: PlatformKey,
    record: PlatformRecord | undefined,
    mappings: readonly (readonly [RawTcb, string])[],
    at: Date,
  ): Promise<void>;
  list(): Promise<readonly PlatformKey[]>;
}

/** Platforms and their mappings, kept as documents beside the upstream's. */
export function createPlatformRecords(store: DocumentCache): PlatformRecords {
  return {
    find: async (platform) => {
      const kept = await store.get(recordKey(platform));
      return kept && decodeRecord(kept.body);
    },
    mapped: async (platform, raw) => {
      const kept = await store.get(mappingPrefix(platform) + raw.cpuSvn + raw.pceSvn);
      return kept && toUtf8(kept.body);
    },
    rawTcbs: async (platform) => {
      const prefix = mappingPrefix(platform);
      const keys = await store.keys(prefix);
      return keys.map((key) => {
        const tcb = key.slice(prefix.length);
        return { cpuSvn: tcb.slice(0, 32), pceSvn: tcb.slice(32) };
      });
    },
    save: async (platform, record, mappings, at) => {
      const documents = mappings.map(([raw, tcbm]) =>
        text(mappingPrefix(platform) + raw.cpuSvn + raw.pceSvn, tcbm, at),
      );
      const own = record ? [text(recordKey(platform), JSON.stringify(record), at)] : [];
      await store.put([...own, ...documents]);
    },
    list: async () => {
      const keys = await store.keys(RECORDS);
      return keys.map((key) => {
        const [pceId = '', qeId = ''] = key.slice(RECORDS.length).split('/');
        return { pceId, qeId: decodeURIComponent(qeId) };
      });
    },
  };
}

const text = (key: string, body: string, fetchedAt: Date): CachedDocument => ({
  key,
  body: fromUtf8(body),
  contentType: 'application/json',
  headers: {},
  fetchedAt,
});

// Our own writing, in our own store: its shape needs no second check.
const decodeRecord = (body: Uint8Array): PlatformRecord =>
  JSON.parse(toUtf8(body)) as PlatformRecord;
