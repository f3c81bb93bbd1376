import { BytesError, ByteReader } from '@touchstone/bytes';
import type { SgxReportBody } from '@touchstone/quote';
import { QuoteError, REPORT_BODY_SIZE, parseReportBody } from '@touchstone/quote';
import { IasError } from './ias-error';

/** Everything of an EPID quote that its group signature covers. */
export const EPID_QUOTE_BODY_SIZE = 432;

/** The first 432 bytes of an EPID quote, little-endian. Source: Intel SGX SDK, `sgx_quote_t`. */
export interface EpidQuoteBody {
  /** 1 or 2. */
  readonly version: number;
  readonly linkable: boolean;
  /** EPID group, as a number. */
  readonly groupId: number;
  readonly qeSvn: number;
  readonly pceSvn: number;
  /** Extended EPID group. */
  readonly extendedGroupId: number;
  /** 32 bytes: SPID, then zeros (linkable) or random bytes. */
  readonly basename: Uint8Array;
  readonly reportBody: SgxReportBody;
}

/** @throws IasError AVR_MALFORMED */
export function parseEpidQuoteBody(bytes: Uint8Array): EpidQuoteBody {
  try {
    return readBody(new ByteReader(bytes));
  } catch (error) {
    if (!(error instanceof BytesError) && !(error instanceof QuoteError)) throw error;
    throw malformed(error.field ?? 'isvEnclaveQuoteBody', error);
  }
}

function readBody(r: ByteReader): EpidQuoteBody {
  const version = r.u16le('version'); //                 0
  const signType = r.u16le('signType'); //               2
  const groupId = r.u32le('epidGroupId'); //             4
  const qeSvn = r.u16le('qeSvn'); //                     8
  const pceSvn = r.u16le('pceSvn'); //                  10
  const extendedGroupId = r.u32le('xeid'); //           12
  const basename = r.bytes('basename', 32); //          16
  const report = r.bytes('report', REPORT_BODY_SIZE); // 48
  r.end('isvEnclaveQuoteBody');
  if (version !== 1 && version !== 2) throw malformed('version');
  if (signType > 1) throw malformed('signType');
  const reportBody = parseReportBody(report);
  const linkable = signType === 1;
  return { version, linkable, groupId, qeSvn, pceSvn, extendedGroupId, basename, reportBody };
}

const malformed = (field: string, cause?: unknown): IasError =>
  new IasError('AVR_MALFORMED', `${field} is not that of an EPID quote`, { field, cause });
