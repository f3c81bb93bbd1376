import { equal, toHex } from '@touchstone/bytes';
import { parsePckExtension, type PckExtension, type TcbInfo } from '@touchstone/collateral';
import { parsePemChain } from '@touchstone/pki';
import { PckCacheError } from './pck-cache-error';

/** A TCB to compare: 16 component SVNs and the PCE's. */
interface Tcb {
  readonly components: readonly number[];
  readonly pceSvn: number;
}

export interface CandidateCertificate {
  /** 36 upper-case hex digits. */
  readonly tcbm: string;
  /** PEM. */
  readonly certificate: string;
}

export interface PckSelection {
  /** What the platform says of itself: raw CPUSVN (16 bytes), PCESVN, PCEID (2 bytes, little-endian). */
  readonly cpuSvn: Uint8Array;
  readonly pceSvn: number;
  readonly pceId: Uint8Array;
  readonly tcbInfo: TcbInfo;
  readonly candidates: readonly CandidateCertificate[];
}

/**
 * The certificate with the best TCB status that the platform's raw TCB reaches, as Intel's PCK certificate selection
 * library chooses it: not the numerically highest one. Undefined when the raw TCB reaches none.
 * PCK_CACHE_INCONSISTENT when certificates and TCB info are not of one platform.
 */
export function selectPckCertificate(selection: PckSelection): CandidateCertificate | undefined {
  const { tcbInfo, candidates, cpuSvn, pceSvn } = selection;
  if (tcbInfo.pceId !== toHex(selection.pceId)) throw inconsistent('pceId');
  const certificates = readCandidates(candidates, selection);
  const raw: Tcb = { components: [...cpuSvn], pceSvn };
  const buckets = bucketsOf(certificates, tcbInfo);
  return buckets.flat().find(({ tcb }) => reaches(raw, tcb))?.candidate;
}

interface Certified {
  readonly candidate: CandidateCertificate;
  readonly tcb: Tcb;
}

function readCandidates(
  candidates: readonly CandidateCertificate[],
  { tcbInfo, pceId }: PckSelection,
): Certified[] {
  let sibling: PckExtension | undefined;
  return candidates.map((candidate) => {
    const extension = readExtension(candidate.certificate);
    const { components, cpuSvn, pceSvn } = extension.tcb;
    if (!equal(Uint8Array.from(components), cpuSvn)) throw inconsistent('CPUSVN');
    if (!equal(extension.pceId, pceId)) throw inconsistent('PCEID');
    if (toHex(extension.fmspc) !== tcbInfo.fmspc) throw inconsistent('FMSPC');
    if (sibling && !equal(extension.ppid, sibling.ppid)) throw inconsistent('PPID');
    sibling ??= extension;
    return { candidate, tcb: { components, pceSvn } };
  });
}

function readExtension(pem: string): PckExtension {
  try {
    const [certificate] = parsePemChain(pem, 1);
    if (certificate?.version === 3) return parsePckExtension(certificate);
  } catch (cause) {
    throw inconsistent('certificate', cause);
  }
  throw inconsistent('certificate');
}

/** One bucket for each TCB level, highest first, and a last one for certificates below them all. */
function bucketsOf(certificates: readonly Certified[], { tcbLevels }: TcbInfo): Certified[][] {
  const levels = tcbLevels
    .map(({ sgxComponents, pceSvn }): Tcb => ({ components: sgxComponents, pceSvn }))
    .toSorted((a, b) => compare(b, a));
  const buckets: Certified[][] = Array.from({ length: levels.length + 1 }, () => []);
  for (const certified of certificates) {
    const level = levels.findIndex((one) => reaches(certified.tcb, one));
    insert(buckets[level < 0 ? levels.length : level] ?? [], certified);
  }
  return buckets;
}

/** Higher ones first; certificates that cannot be compared stay in the order they came in. */
function insert(bucket: Certified[], certified: Certified): void {
  const at = bucket.findIndex(({ tcb }) => reaches(certified.tcb, tcb));
  bucket.splice(at < 0 ? bucket.length : at, 0, certified);
}

const reaches = (tcb: Tcb, level: Tcb): boolean =>
  tcb.pceSvn >= level.pceSvn &&
  level.components.every((svn, index) => (tcb.components[index] ?? 0) >= svn);

const compare = (a: Tcb, b: Tcb): number =>
  Buffer.compare(Buffer.from(a.components), Buffer.from(b.components)) || a.pceSvn - b.pceSvn;

const inconsistent = (field: string, cause?: unknown): PckCacheError =>
  new PckCacheError('PCK_CACHE_INCONSISTENT', `the platform's ${field} does not fit`, {
    field,
    ...(cause === undefined ? {} : { cause }),
  });
