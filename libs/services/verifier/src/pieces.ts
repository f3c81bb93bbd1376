import type { EnclaveIdentity, TcbInfo } from '@touchstone/collateral';
import { parseEnclaveIdentity, parseTcbInfo } from '@touchstone/collateral';
import type { Certificate, Crl } from '@touchstone/pki';
import { parseCrl } from '@touchstone/pki';
import { attempt } from './attempt';

/** TCB info by its looks; `content` is absent when it is malformed. */
export interface TcbInfoPiece {
  readonly kind: 'tcb-info';
  /** The whole body, signature included. */
  readonly body: Uint8Array;
  readonly content?: TcbInfo;
  /** PEM that came with it. */
  readonly issuerChain?: string;
}

export interface IdentityPiece {
  readonly kind: 'enclave-identity';
  readonly body: Uint8Array;
  readonly content?: EnclaveIdentity;
  readonly issuerChain?: string;
}

export type CrlRole = 'pck-crl' | 'root-ca-crl';

export interface CrlPiece {
  readonly kind: 'crl';
  readonly bytes: Uint8Array;
  /** Absent when it is malformed, which only a CRL that is named as one can be. */
  readonly crl?: Crl;
  /** What it was called where it stood. */
  readonly role?: CrlRole;
  readonly issuerChain?: string;
}

export interface CertificatePiece {
  readonly kind: 'certificate';
  readonly certificate: Certificate;
}

/** Signature of an attestation report: RSA-2048. */
export interface AvrSignaturePiece {
  readonly kind: 'avr-signature';
  readonly signature: Uint8Array;
}

/** One document out of whatever was given. Well-formed at most, never trusted. */
export type CollateralPiece =
  TcbInfoPiece | IdentityPiece | CrlPiece | CertificatePiece | AvrSignaturePiece;

const chainOf = (issuerChain: string | undefined) =>
  issuerChain === undefined ? {} : { issuerChain };

export function tcbInfoPiece(body: Uint8Array, issuerChain?: string): TcbInfoPiece {
  const content = attempt(() => parseTcbInfo(body));
  return { kind: 'tcb-info', body, ...(content ? { content } : {}), ...chainOf(issuerChain) };
}

export function identityPiece(body: Uint8Array, issuerChain?: string): IdentityPiece {
  const content = attempt(() => parseEnclaveIdentity(body));
  return {
    kind: 'enclave-identity',
    body,
    ...(content ? { content } : {}),
    ...chainOf(issuerChain),
  };
}

/** A CRL that is called one, readable or not. */
export function crlPiece(bytes: Uint8Array, role?: CrlRole, issuerChain?: string): CrlPiece {
  const crl = attempt(() => parseCrl(bytes));
  return {
    kind: 'crl',
    bytes,
    ...(crl ? { crl } : {}),
    ...(role ? { role } : {}),
    ...chainOf(issuerChain),
  };
}
