import type { AttackName, ExpectedRefusal } from '../frame/attack';

const A = 'enclave A';

/** Who stops which attack on the exchange, with remote attestation. */
export const REMOTE_REFUSALS: Readonly<Record<AttackName, ExpectedRefusal>> = {
  'swap-key': {
    by: A,
    code: 'KEY_NOT_ATTESTED',
    explanation:
      "The evidence is genuine, but its report data is the SHA-256 of B's key. Only code inside B can choose report data, so the other key has no evidence, and A encrypts nothing to it.",
  },
  replay: {
    by: A,
    code: 'EVIDENCE_REPLAYED',
    explanation:
      'Everything in it is genuine, and old: the second half of the report data is not the challenge that A has drawn for this exchange.',
  },
  'tamper-report': {
    by: A,
    code: 'QUOTE_INVALID_SIGNATURE',
    explanation:
      'The attestation key of the Quoting Enclave signed every bit of the report body; one changed bit, and the signature is of something else.',
  },
  'wrong-enclave': {
    by: A,
    code: 'EVIDENCE_MRENCLAVE_MISMATCH',
    explanation:
      'The evidence is genuine and so is the platform, but MRENCLAVE is the measurement of other code than was reviewed, whoever signed it.',
  },
  'stale-tcb': {
    by: A,
    code: 'EVIDENCE_TCB_NOT_ACCEPTED',
    explanation:
      'Right enclave, genuine processor: but its PCK certificate names a TCB that the signed TCB info calls out of date. What runs there may be read by known attacks.',
  },
  'debug-enclave': {
    by: A,
    code: 'EVIDENCE_DEBUG',
    explanation:
      'MRENCLAVE is right, for the measurement does not cover the DEBUG attribute. The report does: whoever loaded this enclave can read its memory.',
  },
  'other-processor': {
    by: 'quoting enclave',
    code: 'QE_INVALID_REPORT',
    explanation:
      "A report is authenticated by a key that only the processor which made it can derive. The Quoting Enclave of B's machine derives another, so it does not lend its signature.",
  },
};

/** The same with local attestation: no quote, no certificate, no TCB info; one processor vouches for both. */
export const LOCAL_REFUSALS: Readonly<Record<AttackName, ExpectedRefusal>> = {
  ...REMOTE_REFUSALS,
  'tamper-report': {
    by: A,
    code: 'REPORT_MAC_MISMATCH',
    explanation:
      "The MAC of a report covers its whole body, under A's report key, which A's processor gives to A and to nobody else.",
  },
  'stale-tcb': {
    by: A,
    code: 'EVIDENCE_SVN_TOO_LOW',
    explanation:
      'Both enclaves share one processor, so what can lag behind is the enclave: this one is the right code under the right signer, signed with an ISVSVN below the least that A accepts.',
  },
  'other-processor': {
    by: A,
    code: 'REPORT_MAC_MISMATCH',
    explanation:
      "The report key of A on A's processor is not what another processor computed the MAC with, though it was told A's identity in all detail.",
  },
};
