export {
  ATTRIBUTES_SIZE,
  AttributeFlag,
  MISC_EXINFO,
  XfrmFlag,
  attributes,
  hasFlag,
  isDebug,
  parseAttributes,
} from './attributes';
export type { Attributes } from './attributes';
export {
  CertificationDataType,
  encodeCertificationData,
  parseCertificationData,
} from './certification-data';
export type {
  CertificationData,
  PlatformIdentifier,
  RawCertificationData,
} from './certification-data';
export { encodeQuote, encodeSignedRegion } from './encode-quote';
export {
  KEY_REQUEST_SIZE,
  KSS_KEY_POLICIES,
  KeyName,
  KeyPolicy,
  encodeKeyRequest,
  parseKeyRequest,
} from './key-request';
export type { KeyRequest } from './key-request';
export { MAX_CUSTOM_CLAIMS, encodeCustomClaims, parseCustomClaims } from './oe-custom-claims';
export type { OeCustomClaim } from './oe-custom-claims';
export { encodeOeEndorsements, parseOeEndorsements } from './oe-endorsements';
export type { OeEndorsements } from './oe-endorsements';
export {
  OE_EVIDENCE_HEADER_SIZE,
  OeEvidenceFormat,
  encodeOeEvidence,
  looksLikeOeEvidence,
  parseOeEvidence,
  quoteInEvidence,
  quoteOfOeEvidence,
} from './oe-evidence';
export type { OeEvidence, OeEvidenceQuote } from './oe-evidence';
export {
  OE_REPORT_HEADER_SIZE,
  OeReportType,
  encodeOeReport,
  looksLikeOeReport,
  parseOeReport,
} from './oe-report';
export type { OeReport } from './oe-report';
export { parseQuote } from './parse-quote';
export type { ParseQuoteOptions, TrailingPolicy } from './parse-quote';
export {
  ATTESTATION_KEY_ECDSA_P256,
  INTEL_QE_VENDOR_ID,
  MAX_QUOTE_BYTES,
  QUOTE_HEADER_SIZE,
  QuoteBodyType,
  TEE_TYPE_SGX,
  TEE_TYPE_TDX,
} from './quote';
export type {
  Quote,
  QuoteContent,
  QuoteHeader,
  QuoteParts,
  QuoteVersion,
  SgxQuote,
  TdxQuote,
} from './quote';
export { QuoteError } from './quote-error';
export type { QuoteErrorCode } from './quote-error';
export { REPORT_SIZE, encodeReport, parseReport } from './report';
export type { Report } from './report';
export { isReportForMe } from './report-mac';
export {
  MAX_SEALED_DATA_BYTES,
  SEALED_DATA_HEADER_SIZE,
  encodeSealedData,
  parseSealedData,
} from './sealed-data';
export type { SealedData } from './sealed-data';
export {
  REPORT_BODY_SIZE,
  REPORT_DATA_SIZE,
  encodeReportBody,
  parseReportBody,
} from './report-body';
export type { SgxReportBody } from './report-body';
export { TARGET_INFO_SIZE, encodeTargetInfo, parseTargetInfo } from './target-info';
export type { TargetInfo } from './target-info';
export {
  TD_REPORT_10_SIZE,
  TD_REPORT_15_SIZE,
  encodeTdReportBody,
  isTdDebug,
  parseTdReportBody,
} from './td-report-body';
export type { TdReport15Extension, TdReportBody } from './td-report-body';
