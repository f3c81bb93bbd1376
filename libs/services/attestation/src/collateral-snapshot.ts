import {
  parseEnclaveIdentity,
  parseTcbInfo,
  type Collateral,
  type EnclaveIdentity,
  type TcbInfo,
} from '@touchstone/collateral';
import { parseCrl, type Crl } from '@touchstone/pki';
import { isRollback } from '@touchstone/verification';
import { AttestationError } from './attestation-error';
import type { CollateralKey } from './collateral-source';

/** All collateral of one platform family as of one moment; never changed, only replaced. */
export interface CollateralSnapshot {
  readonly key: CollateralKey;
  readonly collateral: Collateral;
  readonly fetchedAt: Date;
  readonly documents: CollateralDocuments;
  /** When the first of its documents is past its date. */
  readonly expires: Date;
}

/** Read, not verified. */
export interface CollateralDocuments {
  readonly tcbInfo: TcbInfo;
  readonly qeIdentity: EnclaveIdentity;
  readonly pckCrl: Crl;
  readonly rootCaCrl: Crl;
}

export const snapshotName = ({ fmspc, ca }: CollateralKey): string => `${fmspc}/${ca}`;

/** @throws AttestationError ATTESTATION_COLLATERAL_INVALID */
export function createSnapshot(
  key: CollateralKey,
  collateral: Collateral,
  fetchedAt: Date,
): CollateralSnapshot {
  const documents = parseDocuments(collateral);
  const { tcbInfo, qeIdentity, pckCrl, rootCaCrl } = documents;
  if (tcbInfo.id !== 'SGX' || tcbInfo.fmspc !== key.fmspc || qeIdentity.id !== 'QE') {
    throw invalid('the documents are of another platform', 'tcbInfo');
  }
  const dates = [tcbInfo, qeIdentity, pckCrl, rootCaCrl].map(({ nextUpdate }) =>
    nextUpdate.getTime(),
  );
  return { key, collateral, fetchedAt, documents, expires: new Date(Math.min(...dates)) };
}

/** Documents of `next` that would take back what `previous` said. */
export function rolledBack(
  previous: CollateralDocuments,
  next: CollateralDocuments,
): readonly string[] {
  return [
    ...(isRollback(previous.tcbInfo, next.tcbInfo) ? ['tcbInfo'] : []),
    ...(isRollback(previous.qeIdentity, next.qeIdentity) ? ['qeIdentity'] : []),
    ...(isOlderCrl(previous.pckCrl, next.pckCrl) ? ['pckCrl'] : []),
    ...(isOlderCrl(previous.rootCaCrl, next.rootCaCrl) ? ['rootCaCrl'] : []),
  ];
}

/** A replayed CRL would forget revocations. Numbers grow (RFC 5280 section 5.2.3); equal ones go by date. */
function isOlderCrl(previous: Crl, next: Crl): boolean {
  if (
    previous.crlNumber !== undefined &&
    next.crlNumber !== undefined &&
    previous.crlNumber !== next.crlNumber
  ) {
    return next.crlNumber < previous.crlNumber;
  }
  return next.thisUpdate < previous.thisUpdate;
}

function parseDocuments(collateral: Collateral): CollateralDocuments {
  try {
    return {
      tcbInfo: parseTcbInfo(collateral.tcbInfo),
      qeIdentity: parseEnclaveIdentity(collateral.qeIdentity),
      pckCrl: parseCrl(collateral.pckCrl),
      rootCaCrl: parseCrl(collateral.rootCaCrl),
    };
  } catch (cause) {
    throw invalid('a document cannot be read', 'collateral', cause);
  }
}

function invalid(message: string, field: string, cause?: unknown): AttestationError {
  const code = 'ATTESTATION_COLLATERAL_INVALID';
  const checks = [
    { name: 'collateral-documents', result: 'failed', detail: message, code } as const,
  ];
  return new AttestationError(code, message, { field, cause, checks });
}
