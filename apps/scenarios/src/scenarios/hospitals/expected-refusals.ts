import type { AttackName, ExpectedRefusal } from '../../frame/attack';
import { ENCLAVE, SERVICE } from './study-enclave';

/** The hospital whose key the man in the middle is after. */
export const VICTIM = 'hospital-a';
const VAULT = `vault of ${VICTIM}`;

/** Who stops which attack on a hospital's data. */
export const REFUSALS: Readonly<Record<AttackName, ExpectedRefusal>> = {
  'swap-key': {
    by: SERVICE,
    code: 'runtime-data-binding',
    explanation:
      "The quote is genuine, but its report data is the SHA-256 of other runtime data. Without a token that has his key in it, no vault wraps a hospital's key to it.",
  },
  replay: {
    by: ENCLAVE,
    code: 'KEY_RELEASE_REFUSED',
    explanation:
      "The vault's answer is genuine and signed, and repeats the nonce of an earlier request, for the key of an enclave that is gone. The enclave has drawn another nonce for this one.",
  },
  'tamper-report': {
    by: SERVICE,
    code: 'quote-signature',
    explanation:
      'The attestation key of the Quoting Enclave signed every bit of the report body; for a changed one the service issues no token, and without a token no vault releases.',
  },
  'wrong-enclave': {
    by: VAULT,
    code: 'claim-x-ms-sgx-mrenclave',
    explanation:
      'The service attests any genuine enclave, and the token names the one it saw: the release policy demands the measurement of the code that the hospital has reviewed.',
  },
  'stale-tcb': {
    by: SERVICE,
    code: 'tcb-baseline',
    explanation:
      'Right enclave, genuine processor, security updates missing. The hospitals rely on a provider whose policy asks for a baseline under which such platforms get no token.',
  },
  'debug-enclave': {
    by: VAULT,
    code: 'claim-x-ms-sgx-is-debuggable',
    explanation:
      'MRENCLAVE is right, for the measurement does not cover the DEBUG attribute; the claim does: whoever loaded this enclave can read the data of all hospitals in its memory.',
  },
  'other-processor': {
    by: 'quoting enclave',
    code: 'QE_INVALID_REPORT',
    explanation:
      "A report is authenticated by a key that only the processor which made it can derive. The Quoting Enclave of the study's machine derives another, and makes no quote.",
  },
};
