import { hasCode } from '@touchstone/errors';
import type { PccsClient, PcsErrorCode, TcbUpdate } from '@touchstone/pcs-client';
import type { CollateralSource } from '@touchstone/service-attestation';

/** Answers by which a cache says that it has no such platform. */
const UNKNOWN: readonly PcsErrorCode[] = ['PCS_NOT_FOUND', 'PCS_NOT_AVAILABLE', 'PCS_GONE'];

/** Collateral out of a PCK caching service, of one of its channels. */
export function pccsCollateral(
  client: Pick<PccsClient, 'collateral'>,
  update: TcbUpdate,
): CollateralSource {
  return {
    async fetch(key) {
      try {
        return await client.collateral({ ...key, update });
      } catch (error) {
        if (hasCode(error, ...UNKNOWN)) return undefined;
        throw error;
      }
    },
  };
}
