import { ByteReader, ByteWriter, fromHex, toHex } from '@touchstone/bytes';
import { QuoteError, withCode } from './quote-error';
import { looksLikeOeReport, parseOeReport } from './oe-report';
import { parseQuote } from './parse-quote';

export const OE_EVIDENCE_HEADER_SIZE = 32;
const OE_EVIDENCE_VERSION = 3;

/** Format identifiers, 16 bytes each as hex in wire order (openenclave `include/openenclave/attestation/sgx`). */
export const OeEvidenceFormat = {
  SGX_ECDSA: 'a3a21e871b4d4014b70aa125d2fbcd8c',
  SGX_LOCAL: '09268c336e0b45e58a2715644d0ef89a',
  LEGACY_REPORT_REMOTE: 'c8303454d9234c2ca691df7def460a76',
  RAW_SGX_QUOTE: '1923d91e12d24c72b22025cd8dace871',
  SGX_EPID_LINKABLE: 'f228aa3fde4d49d3884cb2aa87a50da6',
  SGX_EPID_UNLINKABLE: '5c35d290a2c24c559e135ad732746c88',
} as const;

export interface OeEvidence {
  /** One of `OeEvidenceFormat`, or another 32 hex digits. */
  readonly format: string;
  /** Everything behind the header. */
  readonly data: Uint8Array;
}

/** A quote taken out of evidence, with what bound the enclave's report data. */
export interface OeEvidenceQuote {
  readonly quote: Uint8Array;
  /** Present for formats whose report data is a digest of this buffer; empty when the enclave gave none. */
  readonly customClaims?: Uint8Array;
}

/**
 * Open Enclave evidence: `version` u32 = 3, `format_id` UUID of 16 bytes, 4 bytes of padding, `data_size` u64
 * (little-endian), then exactly that much data.
 *
 * Source: openenclave `include/openenclave/internal/plugin.h`, `oe_attestation_header_t`.
 * @throws QuoteError OE_EVIDENCE
 */
export function parseOeEvidence(bytes: Uint8Array): OeEvidence {
  return withCode('OE_EVIDENCE', () => {
    const r = new ByteReader(bytes);
    const version = r.u32le('version');
    if (version !== OE_EVIDENCE_VERSION) throw malformed('version');
    const format = toHex(r.bytes('formatId', 16));
    // A compiler's alignment, not a field: Open Enclave copies whatever stood there.
    r.bytes('padding', 4);
    if (r.u64le('dataSize') !== BigInt(r.remaining)) throw malformed('dataSize');
    return { format, data: r.rest('data') };
  });
}

/** Whether the bytes begin with the header of one of the known evidence formats. */
export function looksLikeOeEvidence(bytes: Uint8Array): boolean {
  if (bytes.length < OE_EVIDENCE_HEADER_SIZE) return false;
  const r = new ByteReader(bytes);
  const formats: readonly string[] = Object.values(OeEvidenceFormat);
  return (
    r.u32le('version') === OE_EVIDENCE_VERSION && formats.includes(toHex(r.bytes('formatId', 16)))
  );
}

/** The DCAP quote inside evidence. @throws QuoteError OE_EVIDENCE for a format that holds none */
export function quoteOfOeEvidence(evidence: OeEvidence): OeEvidenceQuote {
  switch (evidence.format) {
    case OeEvidenceFormat.SGX_ECDSA: {
      const { bytes, trailing } = parseQuote(evidence.data, { trailing: 'return' });
      return { quote: bytes, customClaims: trailing };
    }
    case OeEvidenceFormat.LEGACY_REPORT_REMOTE:
      return { quote: parseOeReport(evidence.data).quote };
    case OeEvidenceFormat.RAW_SGX_QUOTE:
      return { quote: evidence.data };
    default:
      throw malformed('formatId');
  }
}

/**
 * The quote in evidence of any form: bare, behind an Open Enclave report header, or in Open Enclave evidence. The quote
 * itself is not read. @throws QuoteError OE_REPORT, OE_EVIDENCE, and those of `parseQuote`
 */
export function quoteInEvidence(evidence: Uint8Array): OeEvidenceQuote {
  if (looksLikeOeReport(evidence)) return { quote: parseOeReport(evidence).quote };
  if (looksLikeOeEvidence(evidence)) return quoteOfOeEvidence(parseOeEvidence(evidence));
  return { quote: evidence };
}

/** @param format 32 hex digits */
export function encodeOeEvidence({ format, data }: OeEvidence): Uint8Array {
  return new ByteWriter()
    .u32le('version', OE_EVIDENCE_VERSION)
    .bytes('formatId', fromHex(format, 'formatId'), 16)
    .zeros(4)
    .u64le('dataSize', BigInt(data.length))
    .bytes('data', data)
    .finish();
}

function malformed(field: string): QuoteError {
  return new QuoteError('OE_EVIDENCE', `${field} is not that of evidence with an SGX quote`, {
    field,
  });
}
