import type { RawCertificationData } from './certification-data';
import type { SgxReportBody } from './report-body';
import type { TdReportBody } from './td-report-body';

export const QUOTE_HEADER_SIZE = 48;
/** Far above any real quote (about 5 KB): a chain of three certificates and 64 KB of auth data fit. */
export const MAX_QUOTE_BYTES = 128 * 1024;

/** ECDSA over P-256 with SHA-256, the only attestation key type of DCAP quotes. */
export const ATTESTATION_KEY_ECDSA_P256 = 2;

export const TEE_TYPE_SGX = 0x00;
export const TEE_TYPE_TDX = 0x81;

/** Body types of a quote v5. */
export const QuoteBodyType = { SGX: 1, TD_10: 2, TD_15: 3 } as const;

/** `939a7233f79c4ca9940a0db3957f0607`: Intel's quoting enclaves. */
export const INTEL_QE_VENDOR_ID: Uint8Array = Uint8Array.from([
  0x93, 0x9a, 0x72, 0x33, 0xf7, 0x9c, 0x4c, 0xa9, 0x94, 0x0a, 0x0d, 0xb3, 0x95, 0x7f, 0x06, 0x07,
]);

export type QuoteVersion = 3 | 4 | 5;

/** Bytes 0..47. */
export interface QuoteHeader {
  readonly attKeyType: number;
  /** SVNs of quoting enclave and PCE in version 3; reserved, normally zero, in 4 and 5. */
  readonly qeSvn: number;
  readonly pceSvn: number;
  /** 16 bytes. */
  readonly qeVendorId: Uint8Array;
  /** 20 bytes: QE_ID in the first 16. */
  readonly userData: Uint8Array;
}

interface QuoteSignature {
  /** r||s, 64 bytes big-endian, by the attestation key over `signedBytes`. */
  readonly signature: Uint8Array;
  /** x||y, 64 bytes big-endian. */
  readonly attestationKey: Uint8Array;
  readonly qeReport: SgxReportBody;
  /** r||s, 64 bytes, by the PCK key over the 384 bytes of the QE's report. */
  readonly qeReportSignature: Uint8Array;
  readonly authData: Uint8Array;
  /** What certifies the QE's report: types 1..5 and 7 (the wrapper of v4 and v5 is taken off). */
  readonly certificationData: RawCertificationData;
}

interface SgxBody {
  readonly teeType: 'sgx';
  readonly body: SgxReportBody;
}

interface TdxBody {
  readonly teeType: 'tdx';
  readonly body: TdReportBody;
}

/** Header and body: what the attestation key signs. */
export type QuoteContent = (SgxBody | TdxBody) & {
  readonly version: QuoteVersion;
  readonly header: QuoteHeader;
};

/** Everything a quote is made of. */
export type QuoteParts = QuoteContent & QuoteSignature;

/** A well-formed quote, not a trusted one. Signed regions are kept as they arrived. */
export type Quote = QuoteParts & {
  /** Header and body (with the descriptor of v5), as they arrived. */
  readonly signedBytes: Uint8Array;
  /** 384 bytes, as they arrived. */
  readonly qeReportBytes: Uint8Array;
  /** Exactly the quote, without what follows it. */
  readonly bytes: Uint8Array;
  /** What followed the quote; empty unless the caller asked for it. */
  readonly trailing: Uint8Array;
};

export type SgxQuote = Extract<Quote, { teeType: 'sgx' }>;
export type TdxQuote = Extract<Quote, { teeType: 'tdx' }>;
