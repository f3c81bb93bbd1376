import { BytesError, ByteReader, fromHex } from '@touchstone/bytes';
import { IasError } from './ias-error';

/** Type 21, version 2, 101 bytes of content, big-endian. */
const HEADER = 0x15020065;

/** What the service tells a platform about what it lacks (`platformInfoBlob`, format 2). */
export interface PlatformInfo {
  readonly groupRevoked: boolean;
  readonly rekeyAvailable: boolean;
  readonly groupOutOfDate: boolean;
  readonly cpuSvnOutOfDate: boolean;
  readonly qeSvnOutOfDate: boolean;
  readonly pceSvnOutOfDate: boolean;
  readonly configurationNeeded: boolean;
  /** 18 bytes: the CPUSVN (16) and the SVN (2, little-endian) that would be current. */
  readonly latestTcb: Uint8Array;
  /** EPID group, as a number. */
  readonly groupId: number;
}

/**
 * Hex of a TLV of 105 bytes: flags, the latest TCB, the group, and a signature of Intel's that only the platform's
 * software checks.
 * @throws IasError AVR_MALFORMED
 */
export function parsePlatformInfo(hex: string): PlatformInfo {
  try {
    const r = new ByteReader(fromHex(hex, 'platformInfoBlob'));
    if (bigEndian(r.bytes('header', 4)) !== HEADER) throw malformed();
    const [group = 0] = r.bytes('groupFlags', 1);
    const tcb = bigEndian(r.bytes('tcbFlags', 2));
    r.bytes('pseFlags', 2);
    const latestTcb = r.bytes('latestTcb', 18);
    r.bytes('latestPse', 6);
    r.bytes('xeid', 4);
    const groupId = bigEndian(r.bytes('groupId', 4));
    r.bytes('signature', 64);
    r.end('platformInfoBlob');
    return {
      groupRevoked: has(group, 1),
      rekeyAvailable: has(group, 2),
      groupOutOfDate: has(group, 4),
      cpuSvnOutOfDate: has(tcb, 1),
      qeSvnOutOfDate: has(tcb, 2),
      pceSvnOutOfDate: has(tcb, 4),
      configurationNeeded: has(tcb, 8),
      latestTcb,
      groupId,
    };
  } catch (error) {
    if (error instanceof BytesError) throw malformed(error);
    throw error;
  }
}

const has = (flags: number, bit: number): boolean => (flags & bit) !== 0;

const bigEndian = (bytes: Uint8Array): number =>
  bytes.reduce((value, octet) => value * 256 + octet, 0);

const malformed = (cause?: unknown): IasError =>
  new IasError('AVR_MALFORMED', 'platformInfoBlob is not of the known form', {
    field: 'platformInfoBlob',
    cause,
  });
