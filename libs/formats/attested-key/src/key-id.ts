import { concat, fromUtf8, sha256, toBase64 } from '@touchstone/bytes';
import { toPem } from '@touchstone/pki';

const NUL = new Uint8Array(1);

/**
 * The digest by which Azure Attestation names a signing key: SHA-256 over the PEM text of its
 * SubjectPublicKeyInfo followed by one NUL. A key born in an enclave has it in its report data.
 *
 * @param spki DER SubjectPublicKeyInfo
 */
export function maaKeyDigest(spki: Uint8Array): Uint8Array {
  return sha256(concat(fromUtf8(toPem(spki, 'PUBLIC KEY')), NUL));
}

/** `kid` of such a key: its digest in padded standard base64. */
export const maaKeyId = (spki: Uint8Array): string => toBase64(maaKeyDigest(spki));

const REPORT_DATA_BYTES = 64;

/** Report data of the enclave that such a key was born in: the digest, then zeros (64 bytes). */
export function keyReportData(spki: Uint8Array): Uint8Array {
  const reportData = new Uint8Array(REPORT_DATA_BYTES);
  reportData.set(maaKeyDigest(spki));
  return reportData;
}
