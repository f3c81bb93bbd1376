import { attributes, INTEL_QE_VENDOR_ID, encodeCertificationData } from '../index';
import type { QuoteParts, SgxReportBody, TdReportBody } from '../index';

/** `length` bytes counting up from `seed`, so that no two fields look alike. */
export const pattern = (length: number, seed = 1): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (seed * 31 + i) & 0xff);

export const reportBody = (seed = 1): SgxReportBody => ({
  cpuSvn: pattern(16, seed),
  miscSelect: 1,
  isvExtProdId: pattern(16, seed + 1),
  attributes: attributes(0x15n, 0xe7n),
  mrEnclave: pattern(32, seed + 2),
  mrSigner: pattern(32, seed + 3),
  configId: pattern(64, seed + 4),
  isvProdId: 0x0201,
  isvSvn: 0x0403,
  configSvn: 0x0605,
  isvFamilyId: pattern(16, seed + 5),
  reportData: pattern(64, seed + 6),
});

export const tdReportBody = (extended = false): TdReportBody => ({
  teeTcbSvn: pattern(16, 1),
  mrSeam: pattern(48, 2),
  mrSignerSeam: pattern(48, 3),
  seamAttributes: pattern(8, 4),
  tdAttributes: pattern(8, 5),
  xfam: pattern(8, 6),
  mrTd: pattern(48, 7),
  mrConfigId: pattern(48, 8),
  mrOwner: pattern(48, 9),
  mrOwnerConfig: pattern(48, 10),
  rtmr: [pattern(48, 11), pattern(48, 12), pattern(48, 13), pattern(48, 14)],
  reportData: pattern(64, 15),
  ...(extended ? { extension: { teeTcbSvn2: pattern(16, 16), mrServiceTd: pattern(48, 17) } } : {}),
});

const common = {
  header: {
    attKeyType: 2,
    qeSvn: 10,
    pceSvn: 15,
    qeVendorId: INTEL_QE_VENDOR_ID,
    userData: pattern(20, 9),
  },
  signature: pattern(64, 20),
  attestationKey: pattern(64, 21),
  qeReport: reportBody(30),
  qeReportSignature: pattern(64, 22),
  authData: pattern(32, 0),
  certificationData: encodeCertificationData({ type: 5, pem: '-----BEGIN CERTIFICATE-----\n' }),
};

/** One quote of each shape that exists; none is signed, these are about bytes. */
export const shapes: readonly (readonly [string, QuoteParts])[] = [
  ['v3 SGX', { ...common, version: 3, teeType: 'sgx', body: reportBody() }],
  ['v4 SGX', { ...common, version: 4, teeType: 'sgx', body: reportBody() }],
  ['v4 TDX', { ...common, version: 4, teeType: 'tdx', body: tdReportBody() }],
  ['v5 SGX', { ...common, version: 5, teeType: 'sgx', body: reportBody() }],
  ['v5 TDX 1.0', { ...common, version: 5, teeType: 'tdx', body: tdReportBody() }],
  ['v5 TDX 1.5', { ...common, version: 5, teeType: 'tdx', body: tdReportBody(true) }],
];

export const v3Parts = shapes[0]![1];

/** The code of what `work` throws; `undefined` when it returns. */
export function codeOf(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}

/** `bytes` with one u16 or u32 at `offset` moved by `delta`. */
export function nudged(bytes: Uint8Array, offset: number, size: 2 | 4, delta: number): Uint8Array {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  if (size === 2) view.setUint16(offset, (view.getUint16(offset, true) + delta) & 0xffff, true);
  else view.setUint32(offset, (view.getUint32(offset, true) + delta) >>> 0, true);
  return copy;
}
