import {
  AttributeFlag,
  KSS_KEY_POLICIES,
  KeyName,
  KeyPolicy,
  parseKeyRequest,
  type KeyRequest,
} from '@touchstone/quote';
import type { EnclaveAttributes } from './attributes';
import type { DerivationInputs } from './derivation-block';
import { PlatformError, asPlatformError, type PlatformErrorCode } from './platform-error';
import { reportKey, type ProcessorCore } from './processor-core';
import { deriveKey } from './root-keys';
import { hasKss, type EnclaveIdentity } from './secs';

const KNOWN_POLICIES = KeyPolicy.MRENCLAVE | KeyPolicy.MRSIGNER | KSS_KEY_POLICIES;
/** A key can never be asked to ignore these two, whatever the mask says. */
const ALWAYS_MASKED_IN = AttributeFlag.INIT | AttributeFlag.DEBUG;

/**
 * EGETKEY: one 16-byte key of the calling enclave, by a KEYREQUEST of 512 bytes.
 * @throws PlatformError SGX_GP, SGX_INVALID_KEYNAME, SGX_INVALID_ATTRIBUTE, SGX_INVALID_CPUSVN, SGX_INVALID_ISVSVN
 */
export function egetkey(
  core: ProcessorCore,
  secs: EnclaveIdentity,
  keyRequest: Uint8Array,
): Uint8Array {
  const request = asPlatformError('SGX_GP', () => parseKeyRequest(keyRequest));
  checkPolicy(request, secs);
  switch (request.keyName) {
    case KeyName.REPORT:
      return reportKey(core, secs, request.keyId);
    case KeyName.EINITTOKEN:
      requireAttribute(secs, AttributeFlag.EINITTOKEN_KEY);
      checkSvns(core, secs, request);
      return deriveKey(core.roots.seal, launchInputs(core, secs, request));
    case KeyName.PROVISION:
      requireAttribute(secs, AttributeFlag.PROVISION_KEY);
      checkSvns(core, secs, request);
      return deriveKey(core.roots.provisioning, provisioningInputs(secs, request));
    case KeyName.PROVISION_SEAL:
      requireAttribute(secs, AttributeFlag.PROVISION_KEY);
      checkSvns(core, secs, request);
      checkConfigSvn(secs, request);
      return deriveKey(core.roots.both, provisioningSealInputs(secs, request));
    case KeyName.SEAL:
      checkSvns(core, secs, request);
      checkConfigSvn(secs, request);
      return deriveKey(core.roots.seal, sealInputs(core, secs, request));
    default:
      throw refusal('SGX_INVALID_KEYNAME', 'KEYNAME', 'there is no such key');
  }
}

function checkPolicy({ keyPolicy }: KeyRequest, secs: EnclaveIdentity): void {
  if ((keyPolicy & ~KNOWN_POLICIES) !== 0)
    throw refusal('SGX_GP', 'KEYPOLICY', 'a reserved bit is set');
  if ((keyPolicy & KSS_KEY_POLICIES) !== 0 && !hasKss(secs.attributes)) {
    throw refusal('SGX_GP', 'KEYPOLICY', 'the enclave has no key separation and sharing');
  }
}

function requireAttribute(secs: EnclaveIdentity, flag: bigint): void {
  if ((secs.attributes.flags & flag) === 0n) {
    throw refusal('SGX_INVALID_ATTRIBUTE', 'ATTRIBUTES', 'the enclave may not have this key');
  }
}

/** A lower SVN is fine, that is how old sealed data is read; a higher one would be a look into the future. */
function checkSvns(core: ProcessorCore, secs: EnclaveIdentity, request: KeyRequest): void {
  if (request.cpuSvn.some((svn, i) => svn > (core.cpuSvn[i] ?? 0))) {
    throw refusal('SGX_INVALID_CPUSVN', 'CPUSVN', 'beyond the processor');
  }
  if (request.isvSvn > secs.isvSvn)
    throw refusal('SGX_INVALID_ISVSVN', 'ISVSVN', 'beyond the enclave');
}

function checkConfigSvn(secs: EnclaveIdentity, request: KeyRequest): void {
  if (request.configSvn > secs.configSvn) {
    throw refusal('SGX_INVALID_ISVSVN', 'CONFIGSVN', 'beyond the enclave');
  }
}

function maskedAttributes(secs: EnclaveIdentity, { attributeMask }: KeyRequest): EnclaveAttributes {
  return {
    flags: (attributeMask.flags | ALWAYS_MASKED_IN) & secs.attributes.flags,
    xfrm: attributeMask.xfrm & secs.attributes.xfrm,
  };
}

function launchInputs(
  core: ProcessorCore,
  secs: EnclaveIdentity,
  request: KeyRequest,
): DerivationInputs {
  return {
    keyName: request.keyName,
    isvProdId: secs.isvProdId,
    isvSvn: request.isvSvn,
    ownerEpoch: core.ownerEpoch,
    attributes: maskedAttributes(secs, request),
    mrSigner: secs.mrSigner,
    keyId: request.keyId,
    cpuSvn: request.cpuSvn,
    miscSelect: maskedMisc(secs, request),
  };
}

/** No owner epoch and nothing of the seal secret: the authority must be able to compute the same. */
function provisioningInputs(secs: EnclaveIdentity, request: KeyRequest): DerivationInputs {
  return {
    keyName: request.keyName,
    isvProdId: secs.isvProdId,
    isvSvn: request.isvSvn,
    attributes: maskedAttributes(secs, request),
    attributeMask: request.attributeMask,
    mrSigner: secs.mrSigner,
    cpuSvn: request.cpuSvn,
    miscSelect: maskedMisc(secs, request),
    miscMaskComplement: ~request.miscMask >>> 0,
  };
}

function provisioningSealInputs(secs: EnclaveIdentity, request: KeyRequest): DerivationInputs {
  return {
    ...provisioningInputs(secs, request),
    ...policyInputs(secs, request),
    mrSigner: secs.mrSigner,
  };
}

function sealInputs(
  core: ProcessorCore,
  secs: EnclaveIdentity,
  request: KeyRequest,
): DerivationInputs {
  return {
    keyName: request.keyName,
    isvSvn: request.isvSvn,
    ownerEpoch: core.ownerEpoch,
    attributes: maskedAttributes(secs, request),
    attributeMask: request.attributeMask,
    keyId: request.keyId,
    cpuSvn: request.cpuSvn,
    miscSelect: maskedMisc(secs, request),
    miscMaskComplement: ~request.miscMask >>> 0,
    ...policyInputs(secs, request),
    ...(wants(request, KeyPolicy.MRENCLAVE) && { mrEnclave: secs.mrEnclave }),
    ...(wants(request, KeyPolicy.MRSIGNER) && { mrSigner: secs.mrSigner }),
  };
}

/** What KEYPOLICY adds or leaves out for both kinds of seal key, and the policy itself. */
function policyInputs(secs: EnclaveIdentity, request: KeyRequest): Partial<DerivationInputs> {
  return {
    keyPolicy: request.keyPolicy,
    isvProdId: wants(request, KeyPolicy.NOISVPRODID) ? 0 : secs.isvProdId,
    ...(wants(request, KeyPolicy.CONFIGID) && {
      configId: secs.configId,
      configSvn: request.configSvn,
    }),
    ...(wants(request, KeyPolicy.ISVFAMILYID) && { isvFamilyId: secs.isvFamilyId }),
    ...(wants(request, KeyPolicy.ISVEXTPRODID) && { isvExtProdId: secs.isvExtProdId }),
  };
}

const wants = ({ keyPolicy }: KeyRequest, bit: number): boolean => (keyPolicy & bit) !== 0;

const maskedMisc = (secs: EnclaveIdentity, request: KeyRequest): number =>
  (request.miscMask & secs.miscSelect) >>> 0;

function refusal(code: PlatformErrorCode, field: string, message: string): PlatformError {
  return new PlatformError(code, message, { field });
}
