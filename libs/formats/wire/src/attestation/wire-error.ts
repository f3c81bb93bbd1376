import { CodedError } from '@touchstone/errors';

export type AttestationWireErrorCode =
  | 'ATTEST_BODY_INVALID'
  | 'ATTEST_MEMBER_MISSING'
  | 'ATTEST_MEMBER_INVALID'
  | 'ATTEST_MEMBER_REPEATED'
  | 'ATTEST_API_VERSION_MISSING'
  | 'ATTEST_API_VERSION_UNKNOWN';

/** A request that is not of the attestation API; `field` names the member or parameter at fault. */
export class AttestationWireError extends CodedError<AttestationWireErrorCode> {}
