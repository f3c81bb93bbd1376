import { equal, isZero, sha256 } from '@touchstone/bytes';
import { parseCustomClaims } from '@touchstone/quote';
import { attempt } from './attempt';

const DIGEST_SIZE = 32;

/** Whether the enclave's report data is SHA-256 of the buffer and 32 zeros, as Open Enclave makes it. */
export const isBoundTo = (reportData: Uint8Array, buffer: Uint8Array): boolean =>
  equal(reportData.subarray(0, DIGEST_SIZE), sha256(buffer)) &&
  isZero(reportData.subarray(DIGEST_SIZE));

/** Names and sizes of the claims in a buffer, for people. */
export function claimsText(buffer: Uint8Array): string {
  const claims = attempt(() => parseCustomClaims(buffer));
  if (claims === undefined) return `${buffer.length} bytes`;
  const texts = claims.map(({ name, value }) => `${name} (${value.length} bytes)`);
  return texts.join(', ') || 'no claims';
}
