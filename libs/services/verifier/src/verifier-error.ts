import { CodedError } from '@touchstone/errors';

export type VerifierErrorCode =
  /** Nothing that is known here as attestation evidence. */
  | 'EVIDENCE_UNRECOGNISED'
  /** Evidence of a kind that is known by its looks, but not judged. */
  | 'EVIDENCE_UNSUPPORTED'
  /** The file holds another kind of evidence than it was said to. */
  | 'EVIDENCE_KIND_MISMATCH'
  | 'KIND_UNKNOWN'
  /** A word after `without` that names no part. */
  | 'PART_UNKNOWN'
  | 'COLLATERAL_MISSING'
  /** A file that was named as collateral and holds none. */
  | 'COLLATERAL_UNRECOGNISED'
  | 'COLLATERAL_TOO_LARGE'
  | 'ANCHOR_UNUSABLE'
  /** What was to be inspected is not what the inspector reads. */
  | 'INSPECT_UNREADABLE';

/** Why nothing could be judged or shown; a verdict about evidence is never an error. */
export class VerifierError extends CodedError<VerifierErrorCode> {}
