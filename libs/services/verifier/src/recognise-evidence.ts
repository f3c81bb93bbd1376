import { isZero } from '@touchstone/bytes';
import type { Avr, AvrEnvelope } from '@touchstone/ias';
import { looksLikeAvr, openEnvelope, parseAvr } from '@touchstone/ias';
import type { Quote } from '@touchstone/quote';
import {
  OeEvidenceFormat,
  QuoteError,
  looksLikeOeEvidence,
  looksLikeOeReport,
  parseOeEvidence,
  parseOeReport,
  parseQuote,
} from '@touchstone/quote';
import { isBoundTo } from './custom-claims';
import type { EvidenceKind } from './evidence-kind';
import { bytesOfText, commentLength, textOf } from './text-forms';
import { unsupportedEvidence } from './unsupported-evidence';
import { VerifierError } from './verifier-error';

export interface QuoteEvidence {
  readonly kind: Exclude<EvidenceKind, 'ias-avr'>;
  readonly quote: Quote;
  /** What stood around the quote and is accounted for, for people. */
  readonly around: readonly string[];
  /** Open Enclave's buffer, bound by the report data. */
  readonly customClaims?: Uint8Array;
  /** Bytes behind the quote that nothing accounts for. They refuse it, after whatever else may. */
  readonly strayBytes?: number;
}

export interface AvrEvidence {
  readonly kind: 'ias-avr';
  readonly avr: Avr;
  /** What came with the report, when it came in an envelope. */
  readonly envelope?: AvrEnvelope;
}

export type Evidence = QuoteEvidence | AvrEvidence;

/**
 * Evidence by its content: quotes, Open Enclave's wrappers, reports of the attestation service; binary, hex or base64.
 * @throws QuoteError, IasError when it is of such a kind but malformed; VerifierError EVIDENCE_UNRECOGNISED,
 * EVIDENCE_UNSUPPORTED
 */
export function recogniseEvidence(file: Uint8Array): Evidence {
  const comment = commentLength(file);
  const bytes = file.subarray(comment);
  const found = fromBinary(bytes) ?? fromText(bytes);
  if (found === undefined) throw unrecognised(bytes);
  if (comment === 0 || found.kind === 'ias-avr') return found;
  return { ...found, around: [`${comment} bytes of comment in front`, ...found.around] };
}

function fromBinary(bytes: Uint8Array): Evidence | undefined {
  if (looksLikeOeReport(bytes)) return fromOeReport(bytes);
  if (looksLikeOeEvidence(bytes)) return fromOeEvidence(bytes);
  if (looksLikeQuote(bytes)) return fromQuote(bytes);
  return fromAvr(bytes);
}

function fromText(bytes: Uint8Array): Evidence | undefined {
  const text = textOf(bytes);
  const spelled = text === undefined ? undefined : bytesOfText(text);
  return spelled === undefined ? undefined : fromBinary(spelled);
}

const HEADER_SIZE = 8;

/** Version 3 to 5, an attestation key type of DCAP's, and a TEE that it knows. */
export function looksLikeQuote(bytes: Uint8Array): boolean {
  if (bytes.length < HEADER_SIZE) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, HEADER_SIZE);
  const version = view.getUint16(0, true);
  const keyType = view.getUint16(2, true);
  const tee = view.getUint32(4, true);
  return (
    version >= 3 && version <= 5 && (keyType === 2 || keyType === 3) && (tee === 0 || tee === 0x81)
  );
}

const quoteKind = ({ teeType, version }: Quote): QuoteEvidence['kind'] => {
  if (teeType === 'tdx') return version === 5 ? 'tdx-quote-v5' : 'tdx-quote-v4';
  return `sgx-quote-v${version}`;
};

/** A quote may be followed by zeros, or by a buffer of claims that its report data is the digest of. */
function fromQuote(bytes: Uint8Array): QuoteEvidence {
  const quote = parseQuote(bytes, { trailing: 'return' });
  const kind = quoteKind(quote);
  const { trailing } = quote;
  if (trailing.length === 0) return { kind, quote, around: [] };
  if (isBoundTo(quote.body.reportData, trailing)) {
    const around = [`${trailing.length} bytes of custom claims behind`];
    return { kind, quote, around, customClaims: trailing };
  }
  if (isZero(trailing)) {
    return { kind, quote, around: [`${trailing.length} bytes of zero padding behind`] };
  }
  return { kind, quote, around: [], strayBytes: trailing.length };
}

function fromOeReport(bytes: Uint8Array): QuoteEvidence {
  const inner = fromQuote(parseOeReport(bytes).quote);
  const around = ['an Open Enclave report header in front', ...inner.around];
  return { ...inner, kind: 'oe-report', around };
}

function fromOeEvidence(bytes: Uint8Array): QuoteEvidence {
  const { format, data } = parseOeEvidence(bytes);
  const around = ['an Open Enclave evidence header in front'];
  switch (format) {
    case OeEvidenceFormat.SGX_ECDSA: {
      const quote = parseQuote(data, { trailing: 'return' });
      // In this format the buffer is always bound; one that is absent is bound as an empty one.
      if (isBoundTo(quote.body.reportData, quote.trailing)) {
        return { kind: 'oe-evidence', quote, around, customClaims: quote.trailing };
      }
      throw new QuoteError('OE_CUSTOM_CLAIMS', 'the report data binds other custom claims', {
        field: 'customClaims',
      });
    }
    case OeEvidenceFormat.LEGACY_REPORT_REMOTE:
      return { ...fromOeReport(data), kind: 'oe-evidence' };
    case OeEvidenceFormat.RAW_SGX_QUOTE:
      return { ...fromQuote(data), kind: 'oe-evidence' };
    default:
      throw new VerifierError('EVIDENCE_UNSUPPORTED', `Open Enclave evidence of format ${format}`, {
        field: 'formatId',
      });
  }
}

function fromAvr(bytes: Uint8Array): AvrEvidence | undefined {
  const text = textOf(bytes);
  if (text?.startsWith('{') && looksLikeAvr(bytes))
    return { kind: 'ias-avr', avr: parseAvr(bytes) };
  const envelope = openEnvelope(bytes);
  return envelope && { kind: 'ias-avr', avr: parseAvr(envelope.report), envelope };
}

function unrecognised(bytes: Uint8Array): VerifierError {
  const name = unsupportedEvidence(bytes);
  if (name !== undefined) {
    return new VerifierError('EVIDENCE_UNSUPPORTED', `this is ${name}, which is not judged`, {
      field: 'evidence',
    });
  }
  return new VerifierError('EVIDENCE_UNRECOGNISED', 'this is no attestation evidence known here', {
    field: 'evidence',
  });
}
