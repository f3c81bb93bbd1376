import { equal, fromHex } from '@touchstone/bytes';

/** A root that is believed, by its key: Intel's root exists as two certificates with one key. */
export interface TrustAnchor {
  /** Shown in results and records, such as `intel` or `simulated`. */
  readonly name: string;
  /** Uncompressed P-256 point, 65 bytes. */
  readonly publicKey: Uint8Array;
}

/** Intel SGX Root CA, as pinned in Intel's quote verification enclave. */
export const INTEL_SGX_ROOT: TrustAnchor = {
  name: 'intel',
  publicKey: fromHex(
    '040ba9c4c0c0c86193a3fe23d6b02cda10a8bbd4e88e48b4458561a36e705525f5' +
      '67918e2edc88e40d860bd0cc4ee26aacc988e505a953558c453f6b0904ae7394',
  ),
};

/** The anchor with this key. */
export function findAnchor(
  anchors: readonly TrustAnchor[],
  publicKey: Uint8Array,
): TrustAnchor | undefined {
  return anchors.find((anchor) => equal(anchor.publicKey, publicKey));
}
