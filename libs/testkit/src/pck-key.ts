import { cpuSvnOf } from '@touchstone/authority';
import { type EcSigner, ecSignerFromScalar } from '@touchstone/pki';
import { pceIdentity, pckScalar } from '@touchstone/platform';
import type { TestPlatform } from './platform';
import { pckOf } from './quote';

/** The PCK private key of the platform, which its PCE would derive. */
export function pckKeyOf(platform: TestPlatform): EcSigner {
  const { authority, fused } = platform;
  const { tcb } = pckOf(platform);
  const identity = pceIdentity(authority.mrSigner);
  return ecSignerFromScalar(
    pckScalar(fused.rootProvisioningKey, identity, cpuSvnOf(tcb), tcb.pceSvn),
  );
}
