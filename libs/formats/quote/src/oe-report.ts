import { ByteReader, ByteWriter } from '@touchstone/bytes';
import { QuoteError, withCode } from './quote-error';

export const OE_REPORT_HEADER_SIZE = 16;
export const OE_REPORT_VERSION = 1;

/** `report_type` of the 16-byte header: 1 wraps a REPORT for the same machine, 2 a quote for anyone. */
export const OeReportType = { SGX_LOCAL: 1, SGX_REMOTE: 2 } as const;

export interface OeReport {
  readonly header: { readonly version: number; readonly reportType: number };
  /** What the header wraps, without it; its own parser judges it. */
  readonly quote: Uint8Array;
}

/**
 * An Open Enclave report: `version` u32, `report_type` u32, `report_size` u64, little-endian, then a quote that must end
 * where the size says. Only remote reports are evidence for another machine.
 *
 * Source: openenclave `common/sgx/report.h`, `oe_report_header_t`.
 * @throws QuoteError OE_REPORT
 */
export function parseOeReport(bytes: Uint8Array): OeReport {
  return withCode('OE_REPORT', () => {
    const r = new ByteReader(bytes);
    const version = r.u32le('version');
    const reportType = r.u32le('reportType');
    const size = r.u64le('reportSize');
    if (version !== OE_REPORT_VERSION) throw malformed('version', version);
    if (reportType !== OeReportType.SGX_REMOTE) throw malformed('reportType', reportType);
    if (size !== BigInt(r.remaining)) throw malformed('reportSize', size);
    return { header: { version, reportType }, quote: r.rest('quote') };
  });
}

/** Whether the bytes begin like an Open Enclave remote report; a bare quote never does (its version is 3 or more). */
export function looksLikeOeReport(bytes: Uint8Array): boolean {
  if (bytes.length < OE_REPORT_HEADER_SIZE) return false;
  const r = new ByteReader(bytes);
  return (
    r.u32le('version') === OE_REPORT_VERSION && r.u32le('reportType') === OeReportType.SGX_REMOTE
  );
}

export function encodeOeReport(quote: Uint8Array): Uint8Array {
  return new ByteWriter()
    .u32le('version', OE_REPORT_VERSION)
    .u32le('reportType', OeReportType.SGX_REMOTE)
    .u64le('reportSize', BigInt(quote.length))
    .bytes('quote', quote)
    .finish();
}

function malformed(field: string, value: number | bigint): QuoteError {
  return new QuoteError(
    'OE_REPORT',
    `${field} ${value} is not that of an Open Enclave remote report`,
    {
      field,
    },
  );
}
