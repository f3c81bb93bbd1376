import { ByteReader, ByteWriter, toUtf8 } from '@touchstone/bytes';
import { QuoteError, withCode } from './quote-error';

/** Certification data types (Intel SGX ECDSA quote library API, table "QE certification data"). */
export const CertificationDataType = {
  PPID_CLEAR: 1,
  PPID_RSA_2048: 2,
  PPID_RSA_3072: 3,
  PCK_LEAF: 4,
  PCK_CHAIN: 5,
  /** Quote v4 and v5 only: the wrapper around QE report and the data that certifies it. */
  QE_REPORT: 6,
  PLATFORM_MANIFEST: 7,
} as const;

/** Certification data as it is in a quote. */
export interface RawCertificationData {
  readonly type: number;
  readonly bytes: Uint8Array;
}

/** Names the PCK certificate by platform and TCB instead of carrying it. */
export interface PlatformIdentifier {
  readonly type: 1 | 2 | 3;
  /** 16 bytes in the clear (type 1), 256 (type 2) or 384 (type 3) RSA-OAEP encrypted. */
  readonly ppid: Uint8Array;
  /** 16 bytes. */
  readonly cpuSvn: Uint8Array;
  readonly pceSvn: number;
  readonly pceId: number;
}

export type CertificationData =
  | PlatformIdentifier
  /** PEM text without the NUL that ends it on the wire. */
  | { readonly type: 4 | 5; readonly pem: string }
  | { readonly type: 7; readonly manifest: Uint8Array };

const PPID_SIZES: Readonly<Record<number, number>> = { 1: 16, 2: 256, 3: 384 };
/** CPUSVN 16, PCE SVN 2, PCEID 2. */
const PLATFORM_TCB_SIZE = 20;

/** What may stand where a quote certifies its QE report: all but the wrapper itself. */
export function assertCertificationData({ type, bytes }: RawCertificationData): void {
  if (![1, 2, 3, 4, 5, 7].includes(type)) {
    throw new QuoteError(
      'QUOTE_CERTIFICATION_DATA',
      `certification data type ${type} is unknown here`,
      {
        field: 'certificationDataType',
      },
    );
  }
  const ppidSize = PPID_SIZES[type];
  if (ppidSize !== undefined && bytes.length !== ppidSize + PLATFORM_TCB_SIZE) {
    throw new QuoteError('QUOTE_CERTIFICATION_DATA', `type ${type} is not ${bytes.length} bytes`, {
      field: 'certificationDataSize',
    });
  }
}

/** The contents by type. @throws QuoteError QUOTE_CERTIFICATION_DATA */
export function parseCertificationData(data: RawCertificationData): CertificationData {
  assertCertificationData(data);
  const { type, bytes } = data;
  if (type === 1 || type === 2 || type === 3) return parsePlatformIdentifier(type, bytes);
  if (type === 4 || type === 5) return { type, pem: parsePem(bytes) };
  return { type: 7, manifest: bytes };
}

function parsePlatformIdentifier(type: 1 | 2 | 3, bytes: Uint8Array): PlatformIdentifier {
  const r = new ByteReader(bytes);
  return {
    type,
    ppid: r.bytes('ppid', bytes.length - PLATFORM_TCB_SIZE),
    cpuSvn: r.bytes('cpuSvn', 16),
    pceSvn: r.u16le('pceSvn'),
    pceId: r.u16le('pceId'),
  };
}

function parsePem(bytes: Uint8Array): string {
  return withCode('QUOTE_CERTIFICATION_DATA', () => toUtf8(bytes, 'certificationData')).replace(
    /\0+$/,
    '',
  );
}

/** PEM text ends with one NUL byte, which the size counts: that is how the reference QE writes it. */
export function encodeCertificationData(data: CertificationData): RawCertificationData {
  if (data.type === 7) return { type: 7, bytes: data.manifest };
  if ('pem' in data) return { type: data.type, bytes: new TextEncoder().encode(`${data.pem}\0`) };
  const bytes = withCode('QUOTE_FIELD', () =>
    new ByteWriter()
      .bytes('ppid', data.ppid, PPID_SIZES[data.type])
      .bytes('cpuSvn', data.cpuSvn, 16)
      .u16le('pceSvn', data.pceSvn)
      .u16le('pceId', data.pceId)
      .finish(),
  );
  return { type: data.type, bytes };
}
