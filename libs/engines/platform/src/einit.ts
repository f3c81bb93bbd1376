import { equal, isZero } from '@touchstone/bytes';
import { AttributeFlag } from '@touchstone/quote';
import type { EnclaveAttributes } from './attributes';
import { PlatformError } from './platform-error';
import { hasKss, type CheckedSecs, type EnclaveIdentity } from './secs';
import { parseSigstruct, type SigstructContent } from './sigstruct';
import { verifySigstruct } from './sigstruct-signature';

/**
 * EINIT up to launch control: the measured enclave is the one that was signed.
 * @throws PlatformError SGX_INVALID_SIG_STRUCT, SGX_INVALID_SIGNATURE, SGX_INVALID_MEASUREMENT, SGX_INVALID_ATTRIBUTE
 */
export function einit(
  secs: CheckedSecs,
  mrEnclave: Uint8Array,
  sigstructBytes: Uint8Array,
): EnclaveIdentity {
  const sigstruct = parseSigstruct(sigstructBytes);
  const { mrSigner } = verifySigstruct(sigstruct);
  if (!equal(sigstruct.enclaveHash, mrEnclave)) {
    throw new PlatformError(
      'SGX_INVALID_MEASUREMENT',
      'the enclave is not the one that was signed',
      {
        field: 'ENCLAVEHASH',
      },
    );
  }
  checkAttributes(secs, sigstruct);
  checkKeySeparation(secs.attributes, sigstruct);
  const { isvProdId, isvSvn, isvExtProdId, isvFamilyId } = sigstruct;
  const attributes = { ...secs.attributes, flags: secs.attributes.flags | AttributeFlag.INIT };
  return { ...secs, attributes, mrEnclave, mrSigner, isvProdId, isvSvn, isvExtProdId, isvFamilyId };
}

function checkAttributes(secs: CheckedSecs, signed: SigstructContent): void {
  const { attributes: wanted, attributeMask: mask } = signed;
  const flagsDiffer = ((secs.attributes.flags ^ wanted.flags) & mask.flags) !== 0n;
  const xfrmDiffers = ((secs.attributes.xfrm ^ wanted.xfrm) & mask.xfrm) !== 0n;
  if (flagsDiffer || xfrmDiffers) throw invalidAttribute('ATTRIBUTES', 'not the signed attributes');
  if (((secs.miscSelect ^ signed.miscSelect) & signed.miscMask) !== 0) {
    throw invalidAttribute('MISCSELECT', 'not the signed MISCSELECT');
  }
}

function checkKeySeparation(attributes: EnclaveAttributes, signed: SigstructContent): void {
  if (hasKss(attributes) || (isZero(signed.isvExtProdId) && isZero(signed.isvFamilyId))) return;
  throw new PlatformError('SGX_INVALID_SIG_STRUCT', 'extended identities need KSS', {
    field: 'ISVEXTPRODID',
  });
}

function invalidAttribute(field: string, message: string): PlatformError {
  return new PlatformError('SGX_INVALID_ATTRIBUTE', message, { field });
}
