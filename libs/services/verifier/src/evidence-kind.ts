import { VerifierError } from './verifier-error';

/** What evidence is found to be. */
export const EVIDENCE_KINDS = [
  'sgx-quote-v3',
  'sgx-quote-v4',
  'sgx-quote-v5',
  'tdx-quote-v4',
  'tdx-quote-v5',
  'oe-report',
  'oe-evidence',
  'ias-avr',
] as const;

export type EvidenceKind = (typeof EVIDENCE_KINDS)[number];

/** What somebody may say that it is: a kind, or a family of kinds. */
export const KIND_NAMES = [...EVIDENCE_KINDS, 'quote', 'sgx-quote', 'tdx-quote'] as const;

export type KindName = (typeof KIND_NAMES)[number];

/** @throws VerifierError KIND_UNKNOWN */
export function parseKindName(text: string): KindName {
  const kind = KIND_NAMES.find((name) => name === text.toLowerCase());
  if (kind !== undefined) return kind;
  throw new VerifierError('KIND_UNKNOWN', `${text} is none of ${KIND_NAMES.join(', ')}`, {
    field: 'kind',
  });
}

const FAMILIES: Readonly<Partial<Record<KindName, readonly EvidenceKind[]>>> = {
  quote: ['sgx-quote-v3', 'sgx-quote-v4', 'sgx-quote-v5', 'tdx-quote-v4', 'tdx-quote-v5'],
  'sgx-quote': ['sgx-quote-v3', 'sgx-quote-v4', 'sgx-quote-v5'],
  'tdx-quote': ['tdx-quote-v4', 'tdx-quote-v5'],
  // Open Enclave's evidence comes with and without its header, and both are called a report.
  'oe-report': ['oe-report', 'oe-evidence', 'sgx-quote-v3'],
  'oe-evidence': ['oe-evidence', 'sgx-quote-v3'],
};

/** @throws VerifierError EVIDENCE_KIND_MISMATCH */
export function assertKind(found: EvidenceKind, said: KindName | undefined): void {
  if (said === undefined || said === found || FAMILIES[said]?.includes(found)) return;
  throw new VerifierError('EVIDENCE_KIND_MISMATCH', `the evidence is ${found}, not ${said}`, {
    field: 'kind',
  });
}
