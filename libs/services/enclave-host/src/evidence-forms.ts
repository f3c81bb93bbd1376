import { concat } from '@touchstone/bytes';
import { encodeOeEvidence, encodeOeReport, OeEvidenceFormat } from '@touchstone/quote';
import { EnclaveHostError } from './enclave-host-error';

/** How a quote is handed out: bare, behind Open Enclave's report header, or as Open Enclave's evidence with claims. */
export type EvidenceForm = 'sgx-quote' | 'oe-report' | 'oe-evidence';

export interface EvidenceOrder {
  /** Certification data type of the quote: 1, 2, 3 or 5; 5 when 0. */
  readonly certificationType: number;
  readonly form: EvidenceForm;
}

export const PLAIN_EVIDENCE: EvidenceOrder = { certificationType: 0, form: 'sgx-quote' };

/** `claims` are what the report data is the SHA-256 of, where the form carries it. @throws HOST_REQUEST_INVALID */
export function inForm(form: EvidenceForm, quote: Uint8Array, claims?: Uint8Array): Uint8Array {
  if (form === 'sgx-quote') return quote;
  if (form === 'oe-report') return encodeOeReport(quote);
  if (claims === undefined) {
    throw new EnclaveHostError('HOST_REQUEST_INVALID', 'there are no claims to go with a quote', {
      field: 'format',
    });
  }
  const data = concat(quote, claims);
  return encodeOeEvidence({ format: OeEvidenceFormat.SGX_ECDSA, data });
}
