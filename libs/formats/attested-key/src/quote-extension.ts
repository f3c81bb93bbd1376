import { encodeOeReport, looksLikeOeReport, parseOeReport } from '@touchstone/quote';
import {
  DerReader,
  Tag,
  derInteger,
  derOctets,
  type Certificate,
  type ExtraExtension,
} from '@touchstone/pki';
import { AttestedKeyError } from './attested-key-error';

/** Extensions in which Azure Attestation's certificates carry the quote of the enclave that holds their key. */
export const QuoteExtensionOid = {
  /** An Open Enclave report, with nothing around it. */
  report: '1.3.6.1.4.1.311.105.1',
  /** 2020: a DER OCTET STRING with the bare quote. Early 2021: an Open Enclave report. */
  quote: '1.2.840.113556.10.1.1',
  /** Stands beside the bare quote: INTEGER 1. */
  quoteKind: '1.2.840.113556.10.1.2',
} as const;

/** Longer ones are refused before they are read. */
export const MAX_SIGNER_EVIDENCE_BYTES = 64 * 1024;

/** `quote`: as in 2020. `report`: as from 2021 on. */
export type QuoteExtensionForm = 'quote' | 'report';

/** The extensions that carry `quote` (SGX, without any header). None is critical. */
export function quoteExtensions(
  quote: Uint8Array,
  form: QuoteExtensionForm,
): readonly ExtraExtension[] {
  const critical = false;
  if (form === 'report')
    return [{ oid: QuoteExtensionOid.report, critical, value: encodeOeReport(quote) }];
  return [
    { oid: QuoteExtensionOid.quote, critical, value: derOctets(quote) },
    { oid: QuoteExtensionOid.quoteKind, critical, value: derInteger(1) },
  ];
}

/** What the extension of a certificate holds; nothing of it is proven. */
export interface SignerEvidence {
  readonly oid: string;
  /** SGX quote without any header. */
  readonly quote: Uint8Array;
}

/**
 * The quote that a signer's certificate carries; undefined for a key that was not born in an SGX enclave.
 *
 * @throws AttestedKeyError ATTESTED_KEY_EXTENSION
 */
export function readQuoteExtension({
  extensions,
}: Pick<Certificate, 'extensions'>): SignerEvidence | undefined {
  for (const oid of [QuoteExtensionOid.report, QuoteExtensionOid.quote]) {
    const extension = extensions.get(oid);
    if (extension) return { oid, quote: quoteIn(extension.value, oid) };
  }
  return undefined;
}

function quoteIn(value: Uint8Array, oid: string): Uint8Array {
  if (value.length > MAX_SIGNER_EVIDENCE_BYTES) throw unreadable(oid);
  try {
    const bare = oid === QuoteExtensionOid.quote && !looksLikeOeReport(value);
    return bare ? innerOctets(value, oid) : parseOeReport(value).quote;
  } catch (cause) {
    throw unreadable(oid, cause);
  }
}

function innerOctets(value: Uint8Array, field: string): Uint8Array {
  const reader = new DerReader(value);
  const { content } = reader.take(Tag.octetString, field);
  reader.end(field);
  return content;
}

const unreadable = (field: string, cause?: unknown): AttestedKeyError =>
  new AttestedKeyError('ATTESTED_KEY_EXTENSION', 'the extension does not hold a quote', {
    field,
    cause,
  });
