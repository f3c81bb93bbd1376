import { toHex } from '@touchstone/bytes';
import {
  type Certificate,
  DerReader,
  PkiError,
  Tag,
  assertDer,
  derOid,
  readBoolean,
  readOctets,
  readSmall,
} from '@touchstone/pki';
import { CollateralError } from './collateral-error';

/** Intel's SGX extension of a PCK certificate: SEQUENCE OF SEQUENCE { OID, value }. */
export const SGX_EXTENSION_OID = '1.2.840.113741.1.13.1';

export const SGX_TYPES = ['Standard', 'Scalable', 'ScalableWithIntegrity'] as const;

export type SgxType = (typeof SGX_TYPES)[number];

export interface PckTcb {
  /** 16 values of 0 to 255. */
  readonly components: readonly number[];
  readonly pceSvn: number;
  /** 16 bytes. */
  readonly cpuSvn: Uint8Array;
}

export interface PckConfiguration {
  readonly dynamicPlatform: boolean;
  readonly cachedKeys: boolean;
  readonly smtEnabled: boolean;
}

/** What a PCK certificate says about its platform. */
export interface PckExtension {
  /** 16 bytes. */
  readonly ppid: Uint8Array;
  readonly tcb: PckTcb;
  /** 2 bytes as the certificate has them. */
  readonly pceId: Uint8Array;
  /** 6 bytes. */
  readonly fmspc: Uint8Array;
  readonly sgxType: SgxType;
  /** 16 bytes; Platform CA only, together with `configuration`. */
  readonly platformInstanceId?: Uint8Array;
  readonly configuration?: PckConfiguration;
}

const TCB_COMPONENTS = 16;
/** Last arcs of the OIDs that follow the components inside the TCB. */
export const PCE_SVN = TCB_COMPONENTS + 1;
export const CPU_SVN = TCB_COMPONENTS + 2;
const TCB_PAIRS = TCB_COMPONENTS + 2;
const MAX_SVN = 255;
const MAX_PCE_SVN = 0xffff;
const PROCESSOR_CA_PAIRS = 5;
const PLATFORM_CA_PAIRS = 7;
const CONFIGURATION_PAIRS = 3;
const FIELD = 'sgxExtension';

/** Content octets of the identifiers that all others here lie right under. */
const contentOf = (oid: string): Uint8Array =>
  new DerReader(derOid(oid)).take(Tag.oid, FIELD).content;
const Prefix = {
  extension: contentOf(SGX_EXTENSION_OID),
  tcb: contentOf(`${SGX_EXTENSION_OID}.2`),
  configuration: contentOf(`${SGX_EXTENSION_OID}.7`),
} as const;

/**
 * Reads the SGX extension: exactly 5 pairs (Processor CA) or exactly 7 (Platform CA), each once, 18 of them inside the TCB.
 * `PCK_EXTENSION_MISSING` or `PCK_EXTENSION_MALFORMED`.
 */
export function parsePckExtension(certificate: Certificate): PckExtension {
  const extension = certificate.extensions.get(SGX_EXTENSION_OID);
  if (!extension) {
    throw new CollateralError('PCK_EXTENSION_MISSING', 'no SGX extension', { field: FIELD });
  }
  try {
    assertDer(extension.value, FIELD);
    return readExtensionValue(extension.value);
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    throw malformed(error.field ?? FIELD, error.message, error);
  }
}

function readExtensionValue(value: Uint8Array): PckExtension {
  const pairs = readPairs(new DerReader(value).enter(Tag.sequence, FIELD), Prefix.extension);
  if (pairs.size !== PROCESSOR_CA_PAIRS && pairs.size !== PLATFORM_CA_PAIRS) {
    throw malformed(FIELD, `${pairs.size} pairs, neither 5 nor 7`);
  }
  const read = reading(pairs, FIELD);
  const base = {
    ppid: read(1, 'ppid', (reader, field) => readOctets(reader, field, 16).slice()),
    tcb: readTcb(read(2, 'tcb', (reader, field) => reader.enter(Tag.sequence, field))),
    pceId: read(3, 'pceId', (reader, field) => readOctets(reader, field, 2).slice()),
    fmspc: read(4, 'fmspc', (reader, field) => readOctets(reader, field, 6).slice()),
    sgxType: read(5, 'sgxType', readSgxType),
  };
  if (pairs.size === PROCESSOR_CA_PAIRS) return base;
  return {
    ...base,
    platformInstanceId: read(6, 'platformInstanceId', (reader, field) =>
      readOctets(reader, field, 16).slice(),
    ),
    configuration: readConfiguration(
      read(7, 'configuration', (reader, field) => reader.enter(Tag.sequence, field)),
    ),
  };
}

function readTcb(sequence: DerReader): PckTcb {
  const pairs = readPairs(sequence, Prefix.tcb);
  if (pairs.size !== TCB_PAIRS) throw malformed('tcb', `${pairs.size} pairs, not ${TCB_PAIRS}`);
  const read = reading(pairs, 'tcb');
  return {
    components: Array.from({ length: TCB_COMPONENTS }, (_, index) =>
      read(index + 1, 'sgxTcbCompSvn', (reader, field) => readSmall(reader, field, MAX_SVN)),
    ),
    pceSvn: read(PCE_SVN, 'pceSvn', (reader, field) => readSmall(reader, field, MAX_PCE_SVN)),
    cpuSvn: read(CPU_SVN, 'cpuSvn', (reader, field) => readOctets(reader, field, 16).slice()),
  };
}

function readConfiguration(sequence: DerReader): PckConfiguration {
  const pairs = readPairs(sequence, Prefix.configuration);
  if (pairs.size !== CONFIGURATION_PAIRS) throw malformed('configuration', 'not three pairs');
  const read = reading(pairs, 'configuration');
  return {
    dynamicPlatform: read(1, 'dynamicPlatform', readBoolean),
    cachedKeys: read(2, 'cachedKeys', readBoolean),
    smtEnabled: read(3, 'smtEnabled', readBoolean),
  };
}

function readSgxType(reader: DerReader, field: string): SgxType {
  const type = SGX_TYPES[readSmall(reader, field, SGX_TYPES.length - 1, Tag.enumerated)];
  if (type === undefined) throw malformed(field, 'no SGX type');
  return type;
}

/** Values by the last arc of their OID, each of which must lie right under `prefix` and appear once. */
function readPairs(sequence: DerReader, prefix: Uint8Array): Map<number, DerReader> {
  const pairs = new Map<number, DerReader>();
  while (!sequence.done) {
    const pair = sequence.enter(Tag.sequence, FIELD);
    const oid = pair.take(Tag.oid, FIELD).content;
    const value = new DerReader(pair.next(FIELD).bytes);
    pair.end(FIELD);
    const arc = lastArc(oid, prefix);
    if (arc === undefined || pairs.has(arc))
      throw malformed(FIELD, `object identifier ${toHex(oid)} is out of place`);
    pairs.set(arc, value);
  }
  return pairs;
}

/** The one octet that follows the prefix, for an identifier right under it with an arc below 128. */
function lastArc(oid: Uint8Array, prefix: Uint8Array): number | undefined {
  const arc = oid[prefix.length];
  if (arc === undefined || arc >= 0x80 || oid.length !== prefix.length + 1) return undefined;
  return prefix.every((octet, at) => oid[at] === octet) ? arc : undefined;
}

type Reading = <Value>(
  arc: number,
  field: string,
  read: (reader: DerReader, field: string) => Value,
) => Value;

const reading =
  (pairs: ReadonlyMap<number, DerReader>, owner: string): Reading =>
  (arc, field, read) => {
    const value = pairs.get(arc);
    if (!value) throw malformed(owner, `${field} is missing`);
    return read(value, field);
  };

const malformed = (field: string, why: string, cause?: unknown): CollateralError =>
  new CollateralError('PCK_EXTENSION_MALFORMED', `${field}: ${why}`, { field, cause });
