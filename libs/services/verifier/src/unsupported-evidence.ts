import { textOf } from './text-forms';

const SNP_REPORT_SIZE = 1184;
const EPID_QUOTE_MIN_SIZE = 436;
const SGX_REPORT_SIZE = 432;
const TD_REPORT_SIZE = 1024;
/** REPORTMACSTRUCT type of a TDREPORT. */
const TD_REPORT_TYPE = 0x81;
const JWT = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/;

/** The name of evidence that is known by its looks only, so that people are told what they hold. */
export function unsupportedEvidence(bytes: Uint8Array): string | undefined {
  const start = Buffer.from(bytes.subarray(0, 4));
  if (start.toString('latin1') === 'HCLA') return 'an Azure confidential VM report (HCL)';
  const version = start.length === 4 ? start.readUInt32LE(0) : 0;
  if (bytes.length === SNP_REPORT_SIZE && version >= 1 && version <= 5)
    return 'an AMD SEV-SNP report';
  if (bytes.length === SGX_REPORT_SIZE)
    return 'a local SGX report, which only its own machine can check';
  if (bytes.length === TD_REPORT_SIZE && bytes[0] === TD_REPORT_TYPE) {
    return 'a local TD report, which only its own machine can check';
  }
  if (
    bytes.length >= EPID_QUOTE_MIN_SIZE &&
    (version & 0xffff) <= 2 &&
    version !== 0 &&
    version >> 16 <= 1
  ) {
    return "an EPID quote, whose signature only Intel's attestation service could check (give its report)";
  }
  const text = textOf(bytes);
  if (text !== undefined && JWT.test(text)) return 'a token (see: token inspect)';
  return undefined;
}
