import { parseCertificate, parsePemChain } from '@touchstone/pki';
import { INTEL_SGX_ROOT, type TrustAnchor } from '@touchstone/verification';

export const SIMULATED_ANCHOR = 'simulated';
const PEM_BEGIN = '-----BEGIN';

/** Intel's root always; a simulator's only when somebody names its certificate (PEM or DER). */
export function trustAnchors(simulatedRoot: Uint8Array | undefined): readonly TrustAnchor[] {
  if (!simulatedRoot) return [INTEL_SGX_ROOT];
  const [root] = isPem(simulatedRoot)
    ? parsePemChain(simulatedRoot)
    : [parseCertificate(simulatedRoot)];
  if (!root) return [INTEL_SGX_ROOT];
  return [INTEL_SGX_ROOT, { name: SIMULATED_ANCHOR, publicKey: root.publicKeyBytes }];
}

const isPem = (bytes: Uint8Array): boolean =>
  Buffer.from(bytes.subarray(0, PEM_BEGIN.length)).toString('latin1') === PEM_BEGIN;
