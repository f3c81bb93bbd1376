import { ByteReader, ByteWriter, concat, isZero } from '@touchstone/bytes';
import type { Attributes } from './attributes';
import { readAttributes } from './attributes';
import { assertLength, withCode } from './quote-error';

export const REPORT_BODY_SIZE = 384;
export const REPORT_DATA_SIZE = 64;

/** Sizes of reserved1 (at 20), reserved2 (96), reserved3 (160) and reserved4 (262). */
const RESERVED_SIZES = [12, 32, 32, 42] as const;
const RESERVED_TOTAL = 118;

/** REPORTBODY: what the processor says of one enclave (Intel SDM volume 3D, section 34.15). */
export interface SgxReportBody {
  /** 16 bytes, opaque: compared only through the PCK certificate. */
  readonly cpuSvn: Uint8Array;
  readonly miscSelect: number;
  /** 16 bytes; KSS only, else zero. */
  readonly isvExtProdId: Uint8Array;
  readonly attributes: Attributes;
  /** 32 bytes. */
  readonly mrEnclave: Uint8Array;
  /** 32 bytes. */
  readonly mrSigner: Uint8Array;
  /** 64 bytes; KSS only. */
  readonly configId: Uint8Array;
  readonly isvProdId: number;
  readonly isvSvn: number;
  readonly configSvn: number;
  /** 16 bytes; KSS only. */
  readonly isvFamilyId: Uint8Array;
  /** 64 bytes, the enclave's own. */
  readonly reportData: Uint8Array;
  /** The 118 reserved bytes in their order, present only when one of them is not zero. */
  readonly reserved?: Uint8Array;
}

/** @throws QuoteError STRUCTURE_LENGTH */
export function parseReportBody(bytes: Uint8Array): SgxReportBody {
  assertLength(bytes, REPORT_BODY_SIZE, 'reportBody');
  return readReportBody(new ByteReader(new Uint8Array(bytes)));
}

/** The next 384 bytes, as views of them. Reserved bytes are kept, not judged: they are under the signature. */
export function readReportBody(r: ByteReader): SgxReportBody {
  const cpuSvn = r.view('cpuSvn', 16); //              0
  const miscSelect = r.u32le('miscSelect'); //         16
  const reserved1 = r.view('reserved1', 12); //       20
  const isvExtProdId = r.view('isvExtProdId', 16); // 32
  const attributes = readAttributes(r); //             48
  const mrEnclave = r.view('mrEnclave', 32); //       64
  const reserved2 = r.view('reserved2', 32); //       96
  const mrSigner = r.view('mrSigner', 32); //        128
  const reserved3 = r.view('reserved3', 32); //      160
  const configId = r.view('configId', 64); //        192
  const isvProdId = r.u16le('isvProdId'); //          256
  const isvSvn = r.u16le('isvSvn'); //                258
  const configSvn = r.u16le('configSvn'); //          260
  const reserved4 = r.view('reserved4', 42); //      262
  const isvFamilyId = r.view('isvFamilyId', 16); //  304
  const reportData = r.view('reportData', 64); //    320
  const unreserved = [reserved1, reserved2, reserved3, reserved4].every(isZero);
  return {
    cpuSvn,
    miscSelect,
    isvExtProdId,
    attributes,
    mrEnclave,
    mrSigner,
    configId,
    isvProdId,
    isvSvn,
    configSvn,
    isvFamilyId,
    reportData,
    ...(unreserved ? {} : { reserved: concat(reserved1, reserved2, reserved3, reserved4) }),
  };
}

/** @throws QuoteError QUOTE_FIELD for a value that does not fit its field */
export function encodeReportBody(body: SgxReportBody): Uint8Array {
  return withCode('QUOTE_FIELD', () => {
    const [reserved1, reserved2, reserved3, reserved4] = splitReserved(body.reserved);
    return new ByteWriter()
      .bytes('cpuSvn', body.cpuSvn, 16)
      .u32le('miscSelect', body.miscSelect)
      .bytes('reserved1', reserved1)
      .bytes('isvExtProdId', body.isvExtProdId, 16)
      .bytes('attributes', body.attributes.bytes, 16)
      .bytes('mrEnclave', body.mrEnclave, 32)
      .bytes('reserved2', reserved2)
      .bytes('mrSigner', body.mrSigner, 32)
      .bytes('reserved3', reserved3)
      .bytes('configId', body.configId, 64)
      .u16le('isvProdId', body.isvProdId)
      .u16le('isvSvn', body.isvSvn)
      .u16le('configSvn', body.configSvn)
      .bytes('reserved4', reserved4)
      .bytes('isvFamilyId', body.isvFamilyId, 16)
      .bytes('reportData', body.reportData, 64)
      .finish();
  });
}

type Reserved = [Uint8Array, Uint8Array, Uint8Array, Uint8Array];

function splitReserved(reserved: Uint8Array = new Uint8Array(RESERVED_TOTAL)): Reserved {
  const r = new ByteReader(reserved);
  const parts = RESERVED_SIZES.map((size) => r.view('reserved', size));
  r.end('reserved');
  return parts as Reserved;
}
