import type { AttackName, ExpectedRefusal } from '../../frame/attack';
import { CLIENT } from './relying-client';

const SERVICE = 'attestation service';

/** Who stops which attack, in either model: the token says the same, whoever asked for it. */
export const REFUSALS: Readonly<Record<AttackName, ExpectedRefusal>> = {
  'swap-key': {
    by: SERVICE,
    code: 'runtime-data-binding',
    explanation:
      "The quote is genuine, but its report data is the SHA-256 of other runtime data. The service puts a key into a token only if the enclave's processor vouched for it.",
  },
  replay: {
    by: CLIENT,
    code: 'CLIENT_NONCE_MISMATCH',
    explanation:
      'The token is genuine, and made for an earlier exchange: the nonce in the attested runtime data is not the one that the client has just drawn.',
  },
  'tamper-report': {
    by: SERVICE,
    code: 'quote-signature',
    explanation:
      'The attestation key of the Quoting Enclave signed every bit of the report body; for a changed one the service issues no token.',
  },
  'wrong-enclave': {
    by: CLIENT,
    code: 'CLIENT_MRENCLAVE_MISMATCH',
    explanation:
      'The service attests any genuine enclave: that it is the reviewed one is for the client to ask, and MRENCLAVE says that it is not.',
  },
  'stale-tcb': {
    by: SERVICE,
    code: 'tcb-baseline',
    explanation:
      "The platform is genuine and lacks security updates. The policy of the client's own provider asks for a baseline under which such platforms get no token.",
  },
  'debug-enclave': {
    by: CLIENT,
    code: 'CLIENT_DEBUG_ENCLAVE',
    explanation:
      'MRENCLAVE is right, for the measurement does not cover the DEBUG attribute; the claim does: whoever loaded this enclave can read its memory.',
  },
  'other-processor': {
    by: 'quoting enclave',
    code: 'QE_INVALID_REPORT',
    explanation:
      "A report is authenticated by a key that only the processor which made it can derive. The Quoting Enclave of the server's machine derives another, and makes no quote.",
  },
};
