import { ByteReader, ByteWriter } from '@touchstone/bytes';
import { assertLength, withCode } from './quote-error';
import type { SgxReportBody } from './report-body';
import { REPORT_BODY_SIZE, encodeReportBody, parseReportBody } from './report-body';

export const REPORT_SIZE = 432;

/** REPORT: a body that only the processor which made it can check (Intel SDM volume 3D, section 34.15). */
export interface Report {
  readonly body: SgxReportBody;
  /** The 384 bytes under the MAC, as they arrived. */
  readonly bodyBytes: Uint8Array;
  /** 32 bytes: an input of the report key, not under the MAC. */
  readonly keyId: Uint8Array;
  /** 16 bytes: AES-128-CMAC under the target's report key. */
  readonly mac: Uint8Array;
}

/** @throws QuoteError STRUCTURE_LENGTH */
export function parseReport(bytes: Uint8Array): Report {
  assertLength(bytes, REPORT_SIZE, 'report');
  const r = new ByteReader(bytes);
  const bodyBytes = r.bytes('body', REPORT_BODY_SIZE);
  const keyId = r.bytes('keyId', 32);
  const mac = r.bytes('mac', 16);
  return { body: parseReportBody(bodyBytes), bodyBytes, keyId, mac };
}

/** @throws QuoteError QUOTE_FIELD */
export function encodeReport(report: Pick<Report, 'body' | 'keyId' | 'mac'>): Uint8Array {
  return withCode('QUOTE_FIELD', () =>
    new ByteWriter()
      .bytes('body', encodeReportBody(report.body))
      .bytes('keyId', report.keyId, 32)
      .bytes('mac', report.mac, 16)
      .finish(),
  );
}
