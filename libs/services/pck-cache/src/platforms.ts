import { fromHex, fromUtf8 } from '@touchstone/bytes';
import { parseTcbInfo, type TcbInfo } from '@touchstone/collateral';
import { hasCode } from '@touchstone/errors';
import type { Clock, DocumentCache, Logger } from '@touchstone/ports';
import type { PckCa } from './document-name';
import {
  upstreamFailure,
  type CachingFillMode,
  type Documents,
  type RefreshReport,
} from './documents';
import { PckCacheError } from './pck-cache-error';
import { selectPckCertificate, type CandidateCertificate } from './pck-selection';
import {
  createPlatformRecords,
  type PlatformKey,
  type PlatformRecord,
  type RawTcb,
} from './platform-record';
import { Recent } from './recent';
import { singleFlight } from './single-flight';
import type { PcsUpstream } from './upstream';

/** What a platform asks with; hex in upper case. */
export interface PckQuery extends PlatformKey, RawTcb {
  /** 768 digits. */
  readonly encryptedPpid?: string;
}

export interface ServedPckCertificate {
  /** PEM of the leaf. */
  readonly body: Uint8Array;
  /** 36 upper-case hex digits. */
  readonly tcbm: string;
  /** 12 upper-case hex digits. */
  readonly fmspc: string;
  readonly ca: PckCa;
  /** Percent-encoded PEM. */
  readonly issuerChain: string;
}

export interface Platforms {
  /**
   * The PCK certificate for a platform's raw TCB. PCK_CACHE_NO_DATA, PCK_CACHE_PLATFORM_UNKNOWN,
   * PCK_CACHE_CERTIFICATES_UNAVAILABLE, PCK_CACHE_INCONSISTENT, PCK_CACHE_UPSTREAM_FAILED.
   */
  pckCertificate(query: PckQuery): Promise<ServedPckCertificate>;
  /** Fetches the certificates of known platforms anew; of one FMSPC when it is given. */
  refreshCertificates(fmspc?: string): Promise<RefreshReport>;
  /** Grows whenever the certificates of a platform change. */
  revision(): number;
}

export interface PlatformsOptions {
  readonly store: DocumentCache;
  readonly documents: Documents;
  readonly upstream: PcsUpstream;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly mode: CachingFillMode;
}

/** Answers kept ready in memory. */
export const MAX_PCK_ANSWERS_IN_MEMORY = 16_384;

/** Raw TCBs whose choice is kept, for one platform: anybody may ask about any TCB of a platform that is known. */
export const MAX_RAW_TCBS = 64;

const NO_PPID = /^0*$/;

export function createPlatforms(options: PlatformsOptions): Platforms {
  const { documents, upstream, clock, logger, mode } = options;
  const records = createPlatformRecords(options.store);
  const answers = new Recent<ServedPckCertificate>(MAX_PCK_ANSWERS_IN_MEMORY);
  const answerFlight = singleFlight<ServedPckCertificate>();
  const fetchFlight = singleFlight<PlatformRecord>();
  let revision = 0;

  /** TCB info that certificates are ranked by: the early one when it can be had. */
  const rankingTcbInfo = async (fmspc: string): Promise<TcbInfo> => {
    const name = { kind: 'tcb', tee: 'sgx', version: 4, fmspc } as const;
    const [early, standard] = await Promise.allSettled([
      documents.get({ ...name, update: 'early' }),
      documents.get({ ...name, update: 'standard' }),
    ]);
    if (early.status === 'fulfilled') return parseTcbInfo(early.value.body);
    if (standard.status === 'fulfilled') return parseTcbInfo(standard.value.body);
    throw early.reason;
  };

  const select = async (
    { pceId }: PlatformKey,
    raw: RawTcb,
    { fmspc, certificates }: PlatformRecord,
  ): Promise<CandidateCertificate | undefined> =>
    selectPckCertificate({
      cpuSvn: fromHex(raw.cpuSvn),
      pceSvn: Buffer.from(raw.pceSvn, 'hex').readUInt16LE(),
      pceId: fromHex(pceId),
      tcbInfo: await rankingTcbInfo(fmspc),
      candidates: certificates,
    });

  /** Fetches a platform's certificates and chooses anew for every raw TCB that was ever asked about. */
  const fetchPlatform = async (
    platform: PlatformKey,
    encryptedPpid: string,
  ): Promise<PlatformRecord> => {
    const fetched = await askUpstream(upstream, platform, encryptedPpid);
    const mappings: (readonly [RawTcb, string])[] = [];
    for (const raw of await records.rawTcbs(platform)) {
      const chosen = await select(platform, raw, fetched);
      if (chosen) mappings.push([raw, chosen.tcbm]);
    }
    await records.save(platform, fetched, mappings, clock.now());
    answers.clear();
    revision += 1;
    return fetched;
  };

  const chooseAndRemember = async (
    query: PckQuery,
    record: PlatformRecord,
  ): Promise<ServedPckCertificate> => {
    const chosen = await select(query, query, record);
    if (!chosen) throw noData('no certificate is at or below the TCB of the platform');
    // Without a mapping, the next call looks whether the missing certificates are there by then.
    if (record.incomplete) return answerOf(record, chosen);
    const others = await records.rawTcbs(query);
    if (others.length < MAX_RAW_TCBS) {
      await records.save(query, undefined, [[query, chosen.tcbm]], clock.now());
    }
    return remember(query, answerOf(record, chosen));
  };

  const remember = (query: PckQuery, answer: ServedPckCertificate): ServedPckCertificate => {
    answers.set(memoryKey(query), answer);
    return answer;
  };

  const load = async (query: PckQuery): Promise<ServedPckCertificate> => {
    const record = await records.find(query);
    if (!record) return chooseAndRemember(query, await firstFetch(query));
    const tcbm = await records.mapped(query, query);
    const known = record.certificates.find((one) => one.tcbm === tcbm);
    if (known) return remember(query, answerOf(record, known));
    return chooseAndRemember(query, record.incomplete ? await secondFetch(query, record) : record);
  };

  const firstFetch = async (query: PckQuery): Promise<PlatformRecord> => {
    const { encryptedPpid = '' } = query;
    if (mode !== 'LAZY') {
      throw new PckCacheError('PCK_CACHE_PLATFORM_UNKNOWN', 'the platform is not cached');
    }
    if (NO_PPID.test(encryptedPpid)) throw noData('the platform is not cached and hides its PPID');
    return fetchFlight(memoryKey({ ...query, cpuSvn: '', pceSvn: '' }), () =>
      fetchPlatform(query, encryptedPpid),
    );
  };

  const secondFetch = async (query: PckQuery, record: PlatformRecord): Promise<PlatformRecord> => {
    try {
      return await firstFetch({ ...query, encryptedPpid: record.encryptedPpid });
    } catch (error) {
      logger.warn('missing certificates are still not available', { error });
      return record;
    }
  };

  return {
    revision: () => revision,
    pckCertificate: async (query) => {
      const key = memoryKey(query);
      return answers.get(key) ?? answerFlight(key, () => load(query));
    },
    refreshCertificates: async (fmspc) => {
      if (mode === 'OFFLINE') throw new PckCacheError('PCK_CACHE_OFFLINE', 'there is no upstream');
      const failed: string[] = [];
      let refreshed = 0;
      for (const platform of await records.list()) {
        const record = await records.find(platform);
        if (!record || (fmspc !== undefined && record.fmspc !== fmspc)) continue;
        try {
          await fetchPlatform(platform, record.encryptedPpid);
          refreshed += 1;
        } catch (error) {
          logger.warn('certificates could not be refreshed', { fmspc: record.fmspc, error });
          failed.push(platform.qeId);
        }
      }
      return { refreshed, failed };
    },
  };
}

const memoryKey = ({ qeId, pceId, cpuSvn, pceSvn }: PckQuery): string =>
  `${pceId}/${cpuSvn}/${pceSvn}/${qeId}`;

const answerOf = (
  { fmspc, ca, issuerChain }: PlatformRecord,
  { tcbm, certificate }: CandidateCertificate,
): ServedPckCertificate => ({ body: fromUtf8(certificate), tcbm, fmspc, ca, issuerChain });

async function askUpstream(
  upstream: PcsUpstream,
  { pceId }: PlatformKey,
  encryptedPpid: string,
): Promise<PlatformRecord> {
  try {
    const { entries, fmspc, ca, issuerChain } = await upstream.pckCertificates({
      encryptedPpid,
      pceId,
    });
    const certificates = entries.flatMap(({ tcbm, certificate }) =>
      certificate === undefined ? [] : [{ tcbm, certificate }],
    );
    if (certificates.length === 0) {
      throw new PckCacheError(
        'PCK_CACHE_CERTIFICATES_UNAVAILABLE',
        'the authority has no certificate for this platform',
      );
    }
    const incomplete = certificates.length < entries.length;
    return { fmspc, ca, issuerChain: issuerChain.encoded, certificates, incomplete, encryptedPpid };
  } catch (error) {
    throw hasCode(error) ? upstreamFailure('pckcerts', error) : error;
  }
}

const noData = (why: string): PckCacheError => new PckCacheError('PCK_CACHE_NO_DATA', why);
