import { CodedError, type CodedErrorOptions } from '@touchstone/errors';
import type { Check } from '@touchstone/decision';

export type AttestationErrorCode =
  /** The bytes are no quote or report, or their PCK chain cannot be read. */
  | 'ATTESTATION_EVIDENCE_MALFORMED'
  /** Forged, broken, revoked, or not chained to a trust anchor. */
  | 'ATTESTATION_EVIDENCE_REFUSED'
  /** The collateral itself does not hold. */
  | 'ATTESTATION_COLLATERAL_INVALID'
  /** The collateral source does not know the platform. */
  | 'ATTESTATION_COLLATERAL_UNKNOWN'
  /** There is no copy, and none can be had now. */
  | 'ATTESTATION_COLLATERAL_UNAVAILABLE'
  | 'ATTESTATION_BASELINE'
  | 'ATTESTATION_BINDING'
  | 'ATTESTATION_INIT_DATA'
  | 'ATTESTATION_HELD_DATA_INVALID'
  | 'ATTESTATION_POLICY_SYNTAX'
  | 'ATTESTATION_POLICY_DENIED'
  | 'ATTESTATION_POLICY_NO_PERMIT'
  | 'ATTESTATION_POLICY_ERROR'
  /** TPM and VBS have no default policy. */
  | 'ATTESTATION_POLICY_NOT_SET'
  | 'ATTESTATION_UNKNOWN_HOST'
  | 'ATTESTATION_UNKNOWN_PROVIDER'
  | 'ATTESTATION_KEY_UNAVAILABLE'
  /** The region signs inside enclaves, and no machine for them can be reached. */
  | 'ATTESTATION_TEE_UNAVAILABLE'
  /** The enclave that held the key is gone. */
  | 'ATTESTATION_KEY_LOST'
  /** A token that came back is none of the provider's. */
  | 'ATTESTATION_TOKEN_FOREIGN'
  /** The provider keeps no more revoked tokens. */
  | 'ATTESTATION_REVOCATIONS_FULL'
  /** What an owner sent is no JWS that says what it should. */
  | 'ATTESTATION_STATEMENT_INVALID'
  /** Nobody signed, or nobody whose word counts. */
  | 'ATTESTATION_STATEMENT_SIGNER'
  /** Nobody may do that with this provider. */
  | 'ATTESTATION_OPERATION_DISALLOWED'
  /** Others changed the provider all the while. */
  | 'ATTESTATION_CONFLICT'
  | 'ATTESTATION_PROVIDER_EXISTS'
  | 'ATTESTATION_PROVIDER_INVALID'
  | 'ATTESTATION_ROTATION_INVALID'
  /** The caller has no role for it. */
  | 'ATTESTATION_FORBIDDEN';

export interface AttestationErrorOptions extends CodedErrorOptions {
  readonly checks?: readonly Check[];
}

/** Why a provider gave no token; `checks` end with what decided. */
export class AttestationError extends CodedError<AttestationErrorCode> {
  readonly checks: readonly Check[];

  constructor(code: AttestationErrorCode, message: string, options: AttestationErrorOptions = {}) {
    super(code, message, options);
    this.checks = options.checks ?? [];
  }
}
