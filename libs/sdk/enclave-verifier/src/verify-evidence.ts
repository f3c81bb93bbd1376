import type { Collateral } from '@touchstone/collateral';
import type { SgxReportBody } from '@touchstone/quote';
import { isDebug, parseOeEndorsements } from '@touchstone/quote';
import type { TcbStatus, TrustAnchor, VerifiedQuote } from '@touchstone/verification';
import { allAdvisories, verifyQuote } from '@touchstone/verification';
import { EvidenceError } from './evidence-error';
import { type ExpectedIdentity, requireIdentity } from './expected-identity';
import { requireBoundClaims, unwrapEvidence } from './unwrap';

export interface VerifyEvidenceOptions {
  /** Open Enclave's SGX endorsements, as the host hands them in: signed documents, so not believed for whose hand they come from. */
  readonly collateral: Uint8Array;
  /** The one root that is believed. */
  readonly anchor: TrustAnchor;
  /** An enclave has no clock: this is its host's word. */
  readonly at: Date;
  readonly expected?: ExpectedIdentity;
  /** Of platform and quoting enclave together; `UpToDate` alone unless given. */
  readonly acceptedTcbStatuses?: readonly TcbStatus[];
}

/** An enclave on another machine, as proven. */
export interface VerifiedEvidence extends SgxReportBody {
  readonly debug: boolean;
  readonly tcbStatus: TcbStatus;
  readonly advisoryIds: readonly string[];
  /** Open Enclave evidence alone: what the report data is the digest of. */
  readonly customClaims?: Uint8Array;
  /** Everything that was proven, check by check. */
  readonly quote: VerifiedQuote;
}

const DEFAULT_TCB_STATUSES: readonly TcbStatus[] = ['UpToDate'];

/**
 * Remote attestation by code that relies on it: a quote, an Open Enclave report or Open Enclave evidence, to the identity
 * behind it.
 * @throws VerificationError for whatever is forged, broken, revoked or unknown; EvidenceError for what is genuine but refused
 */
export function verifyEvidence(
  evidence: Uint8Array,
  options: VerifyEvidenceOptions,
): VerifiedEvidence {
  const { anchor, at, expected = {}, acceptedTcbStatuses = DEFAULT_TCB_STATUSES } = options;
  const unverified = unwrapEvidence(evidence);
  const collateral = readCollateral(options.collateral);
  const verified = verifyQuote(unverified.quote, collateral, { anchors: [anchor], at });
  requireBoundClaims(unverified);
  requireFresh(verified, acceptedTcbStatuses);
  const { body } = unverified.quote;
  requireIdentity(body, expected);
  const { customClaims } = unverified;
  return {
    ...body,
    debug: isDebug(body.attributes),
    tcbStatus: verified.tcb.status,
    advisoryIds: allAdvisories(verified),
    ...(customClaims && { customClaims }),
    quote: verified,
  };
}

function requireFresh({ collateral, tcb }: VerifiedQuote, accepted: readonly TcbStatus[]): void {
  const [expired] = collateral.expired;
  if (expired !== undefined) {
    throw new EvidenceError('EVIDENCE_COLLATERAL_EXPIRED', `${expired} has expired`, {
      field: expired,
    });
  }
  if (!accepted.includes(tcb.status)) {
    throw new EvidenceError('EVIDENCE_TCB_NOT_ACCEPTED', `the platform is ${tcb.status}`, {
      field: 'tcbStatus',
    });
  }
}

function readCollateral(bytes: Uint8Array): Collateral {
  try {
    const { version: _version, creationTime: _created, ...collateral } = parseOeEndorsements(bytes);
    return collateral;
  } catch (cause) {
    throw new EvidenceError(
      'EVIDENCE_COLLATERAL_MALFORMED',
      'the collateral is not that of SGX endorsements',
      { field: 'collateral', cause },
    );
  }
}
