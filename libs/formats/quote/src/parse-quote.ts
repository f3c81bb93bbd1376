import { ByteReader, equal, isZero } from '@touchstone/bytes';
import { assertCertificationData, CertificationDataType } from './certification-data';
import type { RawCertificationData } from './certification-data';
import type { Quote, QuoteHeader, QuoteVersion } from './quote';
import {
  ATTESTATION_KEY_ECDSA_P256,
  INTEL_QE_VENDOR_ID,
  MAX_QUOTE_BYTES,
  QuoteBodyType,
  TEE_TYPE_SGX,
  TEE_TYPE_TDX,
} from './quote';
import { QuoteError, withCode } from './quote-error';
import type { SgxReportBody } from './report-body';
import { REPORT_BODY_SIZE, readReportBody } from './report-body';
import type { TdReportBody } from './td-report-body';
import { TD_REPORT_10_SIZE, TD_REPORT_15_SIZE, readTdReportBody } from './td-report-body';

/** What may follow a quote: nothing, zero padding only, or anything, which is then handed back. */
export type TrailingPolicy = 'refuse' | 'allow-zero' | 'return';

export interface ParseQuoteOptions {
  /** `refuse` when left out. */
  readonly trailing?: TrailingPolicy;
}

/**
 * A DCAP quote of version 3 (SGX), 4 or 5 (SGX or TDX), little-endian. Shape only: no signature is checked.
 *
 * Source: Intel SGX ECDSA QuoteLibReference, appendix A; Intel TDX DCAP Quoting Library API, appendix A.
 * @throws QuoteError
 */
export function parseQuote(bytes: Uint8Array, options: ParseQuoteOptions = {}): Quote {
  if (bytes.length > MAX_QUOTE_BYTES) {
    throw new QuoteError(
      'QUOTE_TOO_LARGE',
      `${bytes.length} bytes are more than ${MAX_QUOTE_BYTES}`,
      {
        field: 'quote',
      },
    );
  }
  // One copy, of which every field is a view: what is kept can no longer be changed from outside.
  const own = new Uint8Array(bytes);
  return withCode('QUOTE_TRUNCATED', () => readQuote(own, options.trailing ?? 'refuse'));
}

function readQuote(bytes: Uint8Array, policy: TrailingPolicy): Quote {
  const r = new ByteReader(bytes);
  const { version, teeType, header } = readHeader(r);
  const body = readBody(r, version, teeType);
  const signedLength = r.offset;
  const signatureLength = r.u32le('signatureDataLength');
  const signature = readSignatureData(r.view('signatureData', signatureLength), version);
  const length = r.offset;
  return {
    version,
    header,
    ...body,
    ...signature,
    signedBytes: bytes.subarray(0, signedLength),
    bytes: bytes.subarray(0, length),
    trailing: readTrailing(r, policy),
  };
}

interface ParsedHeader {
  readonly version: QuoteVersion;
  readonly teeType: number;
  readonly header: QuoteHeader;
}

function readHeader(r: ByteReader): ParsedHeader {
  const version = r.u16le('version'); //            0
  if (version !== 3 && version !== 4 && version !== 5) {
    throw refused('QUOTE_VERSION', 'version', version);
  }
  const attKeyType = r.u16le('attKeyType'); //      2
  if (attKeyType !== ATTESTATION_KEY_ECDSA_P256) {
    throw refused('QUOTE_ATTESTATION_KEY_TYPE', 'attKeyType', attKeyType);
  }
  const teeType = r.u32le('teeType'); //            4
  if (teeType !== TEE_TYPE_SGX && (teeType !== TEE_TYPE_TDX || version === 3)) {
    throw refused('QUOTE_TEE_TYPE', 'teeType', teeType);
  }
  const qeSvn = r.u16le('qeSvn'); //                8
  const pceSvn = r.u16le('pceSvn'); //             10
  const qeVendorId = r.view('qeVendorId', 16); // 12
  if (!equal(qeVendorId, INTEL_QE_VENDOR_ID)) {
    throw new QuoteError('QUOTE_VENDOR', 'the quoting enclave is not of a known vendor', {
      field: 'qeVendorId',
    });
  }
  const userData = r.view('userData', 20); //     28
  return { version, teeType, header: { attKeyType, qeSvn, pceSvn, qeVendorId, userData } };
}

type ParsedBody =
  | { readonly teeType: 'sgx'; readonly body: SgxReportBody }
  | { readonly teeType: 'tdx'; readonly body: TdReportBody };

function readBody(r: ByteReader, version: QuoteVersion, teeType: number): ParsedBody {
  const extended = version === 5 && readBodyDescriptor(r, teeType) === QuoteBodyType.TD_15;
  if (teeType === TEE_TYPE_SGX) return { teeType: 'sgx', body: readReportBody(r) };
  return { teeType: 'tdx', body: readTdReportBody(r, extended) };
}

const BODY_SIZES: Readonly<Record<number, number>> = {
  [QuoteBodyType.SGX]: REPORT_BODY_SIZE,
  [QuoteBodyType.TD_10]: TD_REPORT_10_SIZE,
  [QuoteBodyType.TD_15]: TD_REPORT_15_SIZE,
};

/** Six bytes of v5 between header and body; they are under the signature. */
function readBodyDescriptor(r: ByteReader, teeType: number): number {
  const type = r.u16le('bodyType');
  const size = BODY_SIZES[type];
  if (size === undefined || (type === QuoteBodyType.SGX) !== (teeType === TEE_TYPE_SGX)) {
    throw refused('QUOTE_BODY_TYPE', 'bodyType', type);
  }
  const stated = r.u32le('bodySize');
  if (stated !== size) throw refused('QUOTE_LENGTH', 'bodySize', stated);
  return type;
}

function readSignatureData(bytes: Uint8Array, version: QuoteVersion) {
  const r = new ByteReader(bytes);
  const signature = r.view('signature', 64); //            0
  const attestationKey = r.view('attestationKey', 64); // 64
  const certified = readCertified(version === 3 ? r : unwrap(r));
  if (version === 3) assertConsumed(r, 'signatureDataLength');
  return { signature, attestationKey, ...certified };
}

/** Quote v4 and v5 wrap the QE report and its certification into certification data of type 6. */
function unwrap(r: ByteReader): ByteReader {
  const type = r.u16le('certificationDataType');
  if (type !== CertificationDataType.QE_REPORT) {
    throw refused('QUOTE_CERTIFICATION_DATA', 'certificationDataType', type);
  }
  const size = r.u32le('certificationDataSize');
  const inner = new ByteReader(r.view('certificationData', size));
  assertConsumed(r, 'signatureDataLength');
  return inner;
}

function readCertified(r: ByteReader) {
  const qeReportBytes = r.view('qeReport', REPORT_BODY_SIZE);
  const qeReportSignature = r.view('qeReportSignature', 64);
  const authData = r.view('authData', r.u16le('authDataSize'));
  const certificationData: RawCertificationData = {
    type: r.u16le('certificationDataType'),
    bytes: r.view('certificationData', r.u32le('certificationDataSize')),
  };
  assertConsumed(r, 'certificationDataSize');
  assertCertificationData(certificationData);
  const qeReport = readReportBody(new ByteReader(qeReportBytes));
  return { qeReport, qeReportBytes, qeReportSignature, authData, certificationData };
}

function readTrailing(r: ByteReader, policy: TrailingPolicy): Uint8Array {
  const trailing = r.view('trailing', r.remaining);
  if (trailing.length === 0 || policy === 'return') return trailing;
  if (policy === 'allow-zero' && isZero(trailing)) return new Uint8Array(0);
  throw new QuoteError('QUOTE_TRAILING', `${trailing.length} bytes follow the quote`, {
    field: 'trailing',
  });
}

/** A structure that says how long it is must be exactly that long. */
function assertConsumed(r: ByteReader, field: string): void {
  if (r.remaining === 0) return;
  throw new QuoteError('QUOTE_LENGTH', `${field} counts ${r.remaining} bytes too many`, { field });
}

type ValueCode =
  | 'QUOTE_VERSION'
  | 'QUOTE_ATTESTATION_KEY_TYPE'
  | 'QUOTE_TEE_TYPE'
  | 'QUOTE_BODY_TYPE'
  | 'QUOTE_LENGTH'
  | 'QUOTE_CERTIFICATION_DATA';

function refused(code: ValueCode, field: string, value: number): QuoteError {
  return new QuoteError(code, `${field} ${value} is not supported`, { field });
}
