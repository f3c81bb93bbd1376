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

const BEGIN = '-----BEGIN ';
const DASHES = '-----';

/** Certificates and CRLs of a PEM text in their order; other blocks, and comments between them, are passed over. */
export function piecesOfPem(text: string): CollateralPiece[] {
  const pem = plainPem(text);
  return pem === undefined ? [] : pemBlocks(pem).flatMap(piecesOfBlock);
}

interface PemBlock {
  readonly label: string;
  /** With its first and last line. */
  readonly text: string;
}

/** A block that does not end is the last one: looking further would take time by the square. */
function pemBlocks(pem: string): PemBlock[] {
  const blocks: PemBlock[] = [];
  for (let at = pem.indexOf(BEGIN); at >= 0 && blocks.length < MAX_PEM_BLOCKS;) {
    const labelEnd = pem.indexOf(DASHES, at + BEGIN.length);
    const label = pem.slice(at + BEGIN.length, Math.max(labelEnd, 0));
    const last = `-----END ${label}-----`;
    const close = labelEnd < 0 ? -1 : pem.indexOf(last, labelEnd);
    if (close < 0) break;
    blocks.push({ label, text: pem.slice(at, close + last.length) });
    at = pem.indexOf(BEGIN, close + last.length);
  }
  return blocks;
}

function piecesOfBlock({ label, text }: PemBlock): CollateralPiece[] {
  if (label === 'CERTIFICATE') {
    return (attempt(() => parsePemChain(text, 1)) ?? []).map(certificatePiece);
  }
  const piece = label === 'X509 CRL' ? crlPiece(fromUtf8(text)) : undefined;
  return piece?.crl === undefined ? [] : [piece];
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
