import { buildSigstruct, sigstructDate } from '@touchstone/platform';
import { AttributeFlag, XfrmFlag, attributes } from '@touchstone/quote';
import type { EnclaveImage } from './image';
import { attributeFlags } from './manifest';

const ALL_FLAGS = 0xffff_ffff_ffff_ffffn;
const ALL_MISC = 0xffff_ffff;
const NO_ID = new Uint8Array(16);

/**
 * SIGSTRUCT (1808 bytes) of an image by its author's key (PKCS#8 DER, RSA-3072, e = 3). Every attribute is fixed, but an image
 * with `debug` leaves it to the loader whether that enclave can be read; one without can never be loaded for debugging.
 * @throws PlatformError SGX_INVALID_SIGNING_KEY
 */
export function signEnclave(
  image: Pick<EnclaveImage, 'manifest' | 'mrEnclave'>,
  signerKeyPkcs8: Uint8Array,
  at: Date,
  vendor = 0,
): Uint8Array {
  const { manifest, mrEnclave } = image;
  const flags = attributeFlags(manifest);
  const free = manifest.debug ? AttributeFlag.DEBUG : 0n;
  return buildSigstruct(
    {
      vendor,
      date: sigstructDate(at),
      miscSelect: 0,
      miscMask: ALL_MISC,
      isvFamilyId: manifest.kss?.familyId ?? NO_ID,
      attributes: attributes(manifest.debug ? flags | AttributeFlag.DEBUG : flags, XfrmFlag.LEGACY),
      attributeMask: attributes(ALL_FLAGS & ~free, ALL_FLAGS),
      enclaveHash: mrEnclave,
      isvExtProdId: manifest.kss?.extendedProductId ?? NO_ID,
      isvProdId: manifest.productId,
      isvSvn: manifest.svn,
    },
    signerKeyPkcs8,
  );
}
