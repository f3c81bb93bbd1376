import { equal, isZero, sha256, toHex } from '@touchstone/bytes';
import { Trail } from './trail';
import type { VerifiedQuote } from './verified-quote';

const DIGEST_SIZE = 32;

/**
 * The enclave, or TD, meant exactly this runtime data: the first 32 bytes of its report data are SHA-256 of the data, the
 * other 32 are zero.
 * @throws VerificationError RUNTIME_DATA_MISMATCH
 */
export function verifyBinding(
  verified: Pick<VerifiedQuote, 'body'>,
  runtimeData: Uint8Array,
): void {
  const { reportData } = verified.body;
  const digest = sha256(runtimeData);
  const bound =
    equal(reportData.subarray(0, DIGEST_SIZE), digest) && isZero(reportData.subarray(DIGEST_SIZE));
  new Trail().require('runtime-data-binding', bound, 'RUNTIME_DATA_MISMATCH', {
    read: toHex(reportData),
    expected: `${toHex(digest)}${'00'.repeat(DIGEST_SIZE)}`,
  });
}
