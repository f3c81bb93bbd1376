import { fromUtf8 } from '@touchstone/bytes';
import { openEnvelope } from '@touchstone/ias';
import type { Certificate } from '@touchstone/pki';
import { Tag, parseCertificate, parsePemChain } from '@touchstone/pki';
import type { OeEndorsements } from '@touchstone/quote';
import {
  OE_EVIDENCE_HEADER_SIZE,
  looksLikeOeEvidence,
  parseOeEndorsements,
  parseOeEvidence,
} from '@touchstone/quote';
import { attempt } from './attempt';
import type { CertificatePiece, CollateralPiece } from './pieces';
import { crlPiece, identityPiece, tcbInfoPiece } from './pieces';
import { plainPem } from './text-forms';

/** Bytes of the signature of an attestation report (RSA-2048). */
export const AVR_SIGNATURE_SIZE = 256;

/** PEM blocks of one text, at most. */
export const MAX_PEM_BLOCKS = 256;

const PEM_BLOCK = /-----BEGIN (CERTIFICATE|X509 CRL)-----[\s\S]*?-----END \1-----/g;

/** Certificates and CRLs of a PEM text in their order; other blocks, and comments between them, are passed over. */
export function piecesOfPem(text: string): CollateralPiece[] {
  const pem = plainPem(text);
  if (pem === undefined) return [];
  const blocks = [...pem.matchAll(PEM_BLOCK)].slice(0, MAX_PEM_BLOCKS);
  return blocks.flatMap(([block, label]): CollateralPiece[] => {
    if (label === 'X509 CRL') {
      const piece = crlPiece(fromUtf8(block));
      return piece.crl === undefined ? [] : [piece];
    }
    return (attempt(() => parsePemChain(block, 1)) ?? []).map(certificatePiece);
  });
}

export const certificatePiece = (certificate: Certificate): CertificatePiece => ({
  kind: 'certificate',
  certificate,
});

/** A DER certificate or CRL, Open Enclave endorsements, an attestation report in its envelope, or its signature alone. */
export function piecesOfBinary(bytes: Uint8Array): CollateralPiece[] {
  if (bytes[0] === Tag.sequence) return [...piecesOfDer(bytes), ...piecesOfEnvelope(bytes)];
  const endorsements = openEndorsements(bytes);
  if (endorsements !== undefined) return piecesOfEndorsements(endorsements);
  if (bytes.length === AVR_SIGNATURE_SIZE) return [{ kind: 'avr-signature', signature: bytes }];
  return [];
}

function piecesOfDer(bytes: Uint8Array): CollateralPiece[] {
  const crl = crlPiece(bytes);
  if (crl.crl !== undefined) return [crl];
  const certificate = attempt(() => parseCertificate(bytes));
  return certificate === undefined ? [] : [certificatePiece(certificate)];
}

export function piecesOfEnvelope(bytes: Uint8Array): CollateralPiece[] {
  const envelope = attempt(() => openEnvelope(bytes));
  if (envelope === undefined) return [];
  const { signature, certificates } = envelope;
  return [{ kind: 'avr-signature', signature }, ...certificates.map(certificatePiece)];
}

/** With the header of Open Enclave's evidence in front, or without. */
function openEndorsements(bytes: Uint8Array): OeEndorsements | undefined {
  if (bytes.length > OE_EVIDENCE_HEADER_SIZE && looksLikeOeEvidence(bytes)) {
    return attempt(() => parseOeEndorsements(parseOeEvidence(bytes).data));
  }
  return attempt(() => parseOeEndorsements(bytes));
}

export function piecesOfEndorsements(endorsements: OeEndorsements): CollateralPiece[] {
  const { tcbInfo, tcbInfoIssuerChain, qeIdentity, qeIdentityIssuerChain } = endorsements;
  const { pckCrl, rootCaCrl, pckCrlIssuerChain } = endorsements;
  return [
    tcbInfoPiece(tcbInfo, tcbInfoIssuerChain),
    identityPiece(qeIdentity, qeIdentityIssuerChain),
    crlPiece(pckCrl, 'pck-crl', pckCrlIssuerChain),
    crlPiece(rootCaCrl, 'root-ca-crl'),
    ...[tcbInfoIssuerChain, qeIdentityIssuerChain, pckCrlIssuerChain].flatMap(piecesOfPem),
  ];
}
