import { AttestationError } from './attestation-error';

const CODE = 'ATTESTATION_TEE_UNAVAILABLE';

/** A key that lives in an enclave cannot be used, or none can be made: said in the decision record too. */
export const teeUnavailable = (why: string, cause?: unknown): AttestationError =>
  new AttestationError(CODE, why, {
    cause,
    checks: [{ name: 'signing-enclave', result: 'failed', code: CODE, detail: why }],
  });
