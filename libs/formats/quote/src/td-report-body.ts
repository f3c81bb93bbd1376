import { ByteReader, ByteWriter } from '@touchstone/bytes';
import { QuoteError, withCode } from './quote-error';

export const TD_REPORT_10_SIZE = 584;
export const TD_REPORT_15_SIZE = 648;

/** The body of a TDX quote: TD report 1.0, and 1.5 with the last two fields (Intel TDX DCAP quote format). */
export interface TdReportBody {
  /** 16 bytes: module SVN, module major version, SEAM loader SVN, …; `TEE_TCB_SVN` at launch. */
  readonly teeTcbSvn: Uint8Array;
  /** 48 bytes, as all measurements here. */
  readonly mrSeam: Uint8Array;
  readonly mrSignerSeam: Uint8Array;
  /** 8 bytes each. */
  readonly seamAttributes: Uint8Array;
  readonly tdAttributes: Uint8Array;
  readonly xfam: Uint8Array;
  readonly mrTd: Uint8Array;
  readonly mrConfigId: Uint8Array;
  readonly mrOwner: Uint8Array;
  readonly mrOwnerConfig: Uint8Array;
  readonly rtmr: readonly [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  /** 64 bytes. */
  readonly reportData: Uint8Array;
  /** TD report 1.5 only. */
  readonly extension?: TdReport15Extension;
}

export interface TdReport15Extension {
  /** 16 bytes: `TEE_TCB_SVN_2`, that of now. */
  readonly teeTcbSvn2: Uint8Array;
  /** 48 bytes. */
  readonly mrServiceTd: Uint8Array;
}

/** Bit 0 of TDATTRIBUTES. */
export const isTdDebug = (body: TdReportBody): boolean => ((body.tdAttributes[0] ?? 0) & 1) === 1;

/** 584 bytes are a TD report 1.0, 648 a 1.5. @throws QuoteError STRUCTURE_LENGTH */
export function parseTdReportBody(bytes: Uint8Array): TdReportBody {
  if (bytes.length !== TD_REPORT_10_SIZE && bytes.length !== TD_REPORT_15_SIZE) {
    throw new QuoteError('STRUCTURE_LENGTH', `a TD report body is not ${bytes.length} bytes`, {
      field: 'tdReportBody',
    });
  }
  return readTdReportBody(
    new ByteReader(new Uint8Array(bytes)),
    bytes.length === TD_REPORT_15_SIZE,
  );
}

export function readTdReportBody(r: ByteReader, extended: boolean): TdReportBody {
  const body = {
    teeTcbSvn: r.view('teeTcbSvn', 16), //              0
    mrSeam: r.view('mrSeam', 48), //                   16
    mrSignerSeam: r.view('mrSignerSeam', 48), //       64
    seamAttributes: r.view('seamAttributes', 8), //   112
    tdAttributes: r.view('tdAttributes', 8), //       120
    xfam: r.view('xfam', 8), //                       128
    mrTd: r.view('mrTd', 48), //                      136
    mrConfigId: r.view('mrConfigId', 48), //          184
    mrOwner: r.view('mrOwner', 48), //                232
    mrOwnerConfig: r.view('mrOwnerConfig', 48), //    280
    rtmr: readRtmr(r), //                              328, 376, 424, 472
    reportData: r.view('reportData', 64), //          520
  };
  return extended ? { ...body, extension: readExtension(r) } : body;
}

function readRtmr(r: ByteReader): [Uint8Array, Uint8Array, Uint8Array, Uint8Array] {
  return [r.view('rtmr0', 48), r.view('rtmr1', 48), r.view('rtmr2', 48), r.view('rtmr3', 48)];
}

function readExtension(r: ByteReader): TdReport15Extension {
  const teeTcbSvn2 = r.view('teeTcbSvn2', 16); //   584
  const mrServiceTd = r.view('mrServiceTd', 48); // 600
  return { teeTcbSvn2, mrServiceTd };
}

/** @throws QuoteError QUOTE_FIELD */
export function encodeTdReportBody(body: TdReportBody): Uint8Array {
  return withCode('QUOTE_FIELD', () => {
    const w = new ByteWriter()
      .bytes('teeTcbSvn', body.teeTcbSvn, 16)
      .bytes('mrSeam', body.mrSeam, 48)
      .bytes('mrSignerSeam', body.mrSignerSeam, 48)
      .bytes('seamAttributes', body.seamAttributes, 8)
      .bytes('tdAttributes', body.tdAttributes, 8)
      .bytes('xfam', body.xfam, 8)
      .bytes('mrTd', body.mrTd, 48)
      .bytes('mrConfigId', body.mrConfigId, 48)
      .bytes('mrOwner', body.mrOwner, 48)
      .bytes('mrOwnerConfig', body.mrOwnerConfig, 48);
    body.rtmr.forEach((value, index) => w.bytes(`rtmr${index}`, value, 48));
    w.bytes('reportData', body.reportData, 64);
    if (body.extension !== undefined) {
      w.bytes('teeTcbSvn2', body.extension.teeTcbSvn2, 16);
      w.bytes('mrServiceTd', body.extension.mrServiceTd, 48);
    }
    return w.finish();
  });
}
