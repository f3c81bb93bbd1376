import { concat, fromUtf8 } from '@touchstone/bytes';
import { AES_KEY_BYTES, aesCmac } from '@touchstone/cmac';
import { packDerivationBlock, type DerivationInputs } from './derivation-block';
import { PlatformError } from './platform-error';

/** Which fused secret a key name is rooted in. */
export type KeyRoot = 'provisioning' | 'seal' | 'both';

/** The two secrets fused into one processor, 16 bytes each. Intel keeps a copy of the first and never sees the second. */
export interface Fuses {
  readonly rootProvisioningKey: Uint8Array;
  readonly rootSealKey: Uint8Array;
}

const label = (text: string): Uint8Array => fromUtf8(`touchstone/${text}`);

/** The key that Provisioning keys hang from: the one root that the provisioning authority can compute too. */
export function provisioningRoot(rootProvisioningKey: Uint8Array): Uint8Array {
  if (rootProvisioningKey.length !== AES_KEY_BYTES) throw invalidFuse('rootProvisioningKey');
  return aesCmac(rootProvisioningKey, label('provisioning'));
}

/** Launch, Report and Seal keys. */
export function sealRoot(rootSealKey: Uint8Array): Uint8Array {
  if (rootSealKey.length !== AES_KEY_BYTES) throw invalidFuse('rootSealKey');
  return aesCmac(rootSealKey, label('seal'));
}

/**
 * Provisioning Seal keys. The seal secret keys the function and the provisioning secret is its message, not the other
 * way round: CMAC under a known key can be inverted, and the authority knows the provisioning secret.
 */
export function provisioningSealRoot(fuses: Fuses): Uint8Array {
  if (fuses.rootProvisioningKey.length !== AES_KEY_BYTES) throw invalidFuse('rootProvisioningKey');
  if (fuses.rootSealKey.length !== AES_KEY_BYTES) throw invalidFuse('rootSealKey');
  return aesCmac(fuses.rootSealKey, concat(label('provisioning-seal/'), fuses.rootProvisioningKey));
}

/** One derived key, 16 bytes. */
export const deriveKey = (root: Uint8Array, inputs: DerivationInputs): Uint8Array =>
  aesCmac(root, packDerivationBlock(inputs));

function invalidFuse(field: string): PlatformError {
  return new PlatformError('SGX_INVALID_FUSES', `${field} is ${AES_KEY_BYTES} bytes`, { field });
}
