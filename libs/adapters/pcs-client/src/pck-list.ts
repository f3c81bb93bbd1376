import { parsePckExtension } from '@touchstone/collateral';
import { parsePemChain } from '@touchstone/pki';
import { toUtf8 } from '@touchstone/bytes';
import { decodePem } from './issuer-chain';
import { MAX_PCK_CERTIFICATES } from './limits';
import { PcsError } from './pcs-error';

/** What Intel writes in the place of a certificate that it cannot issue. */
export const NOT_AVAILABLE = 'Not available';

/** One entry of `pckcerts`. */
export interface PckListEntry {
  /** 36 hex digits: CPUSVN, then PCESVN little-endian. */
  readonly tcbm: string;
  /** PEM; absent when it is not available. */
  readonly certificate?: string;
}

const TCBM = /^[0-9a-fA-F]{36}$/;

/** Reads the body of `pckcerts`; PCS_BAD_ANSWER unless every certificate is one for its TCBM. */
export function parsePckList(body: Uint8Array): readonly PckListEntry[] {
  const list: unknown = parseJson(body);
  if (!Array.isArray(list)) throw bad('the list is no array');
  if (list.length > MAX_PCK_CERTIFICATES) throw bad('the list is too long');
  return list.map((entry) => readEntry(entry));
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(toUtf8(body));
  } catch (cause) {
    throw bad('the list is not JSON', cause);
  }
}

function readEntry(entry: unknown): PckListEntry {
  if (typeof entry !== 'object' || entry === null) throw bad('an entry is no object');
  const tcbm: unknown = 'tcbm' in entry ? entry.tcbm : undefined;
  const cert: unknown = 'cert' in entry ? entry.cert : undefined;
  if (typeof tcbm !== 'string' || !TCBM.test(tcbm)) throw bad('an entry has no tcbm');
  if (typeof cert !== 'string') throw bad('an entry has no cert');
  if (cert === NOT_AVAILABLE) return { tcbm: tcbm.toUpperCase() };
  const certificate = decodePem(cert, 'pckcerts');
  assertFits(certificate, tcbm.toUpperCase());
  return { tcbm: tcbm.toUpperCase(), certificate };
}

function assertFits(pem: string, tcbm: string): void {
  let found: string;
  try {
    const [leaf] = parsePemChain(pem, 1);
    if (!leaf) throw bad('an entry has no certificate');
    const { tcb } = parsePckExtension(leaf);
    const pceSvn = Buffer.from([tcb.pceSvn & 0xff, tcb.pceSvn >> 8]);
    found = Buffer.concat([tcb.cpuSvn, pceSvn]).toString('hex').toUpperCase();
  } catch (cause) {
    throw bad('a certificate is malformed', cause);
  }
  if (found !== tcbm) throw bad('a certificate is not for its tcbm');
}

const bad = (why: string, cause?: unknown): PcsError =>
  new PcsError('PCS_BAD_ANSWER', `pckcerts: ${why}`, {
    field: 'pckcerts',
    ...(cause === undefined ? {} : { cause }),
  });
