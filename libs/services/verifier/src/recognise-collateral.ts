import type { CollateralPiece } from './pieces';
import { piecesOfBinary, piecesOfPem } from './recognise-binary';
import { piecesOfJson } from './recognise-json';
import { bytesOfText, plainPem, textOf, withoutComment } from './text-forms';
import { VerifierError } from './verifier-error';

/** Bytes of one file with collateral, at most. */
export const MAX_COLLATERAL_BYTES = 16 * 1024 * 1024;

/**
 * All collateral in a file, by its content: answers of the PCS, JSON with the names of Intel's collateral structure, CRLs
 * and certificates as PEM, DER, hex or base64, Open Enclave endorsements, signatures of attestation reports. Empty when
 * there is none.
 * @throws VerifierError COLLATERAL_TOO_LARGE
 */
export function recogniseCollateral(file: Uint8Array): CollateralPiece[] {
  if (file.length > MAX_COLLATERAL_BYTES) {
    throw new VerifierError('COLLATERAL_TOO_LARGE', `${file.length} bytes are too many`, {
      field: 'collateral',
    });
  }
  const bytes = withoutComment(file);
  const binary = piecesOfBinary(bytes);
  if (binary.length > 0) return binary;
  const text = textOf(bytes);
  return text === undefined ? [] : piecesOfText(text);
}

function piecesOfText(text: string): CollateralPiece[] {
  if (text.startsWith('{') || text.startsWith('[')) {
    return piecesOfJson(text, Buffer.from(text, 'utf8'));
  }
  if (plainPem(text) !== undefined) return piecesOfPem(text);
  const spelled = bytesOfText(text);
  return spelled === undefined ? [] : piecesOfBinary(spelled);
}
