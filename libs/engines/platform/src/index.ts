export { PlatformError } from './platform-error';
export type { PlatformErrorCode } from './platform-error';
export { aesCmac } from './aes-cmac';
export { ATTRIBUTE_FLAG, XFRM_LEGACY } from './attributes';
export type { EnclaveAttributes } from './attributes';
export { KEY_NAME, KEY_POLICY } from './key-names';
export { PCE_ID, PCE_IDENTITY, QE_IDENTITY } from './architectural-identity';
export type { ArchitecturalIdentity } from './architectural-identity';
export {
  ARCHITECTURAL_ATTRIBUTE_MASK,
  ARCHITECTURAL_MISC_MASK,
  pceIdentity,
  pckScalar,
  pckScalarFromKey,
  ppidFromKey,
  ppidOf,
  provisioningKey,
} from './provisioning';
export type { ProvisioningIdentity, ProvisioningSvns } from './provisioning';
export { architecturalBlock, p256ScalarFrom } from './scalar';
