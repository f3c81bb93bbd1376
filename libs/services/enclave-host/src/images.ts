import { createImage, parseManifest, signEnclave } from '@touchstone/enclave';
import type { EnclaveImage } from '@touchstone/enclave';
import { mrSignerOfKey } from '@touchstone/platform';
import { EnclaveHostError } from './enclave-host-error';

/** An enclave as its build leaves it. */
export interface ImageSource {
  /** Text of `enclave.json`. */
  readonly manifest: string;
  readonly code: Uint8Array;
}

/** An image that its author has signed. */
export interface SignedImage {
  readonly image: EnclaveImage;
  /** 1808 bytes. */
  readonly sigstruct: Uint8Array;
  /** 32 bytes. */
  readonly mrSigner: Uint8Array;
}

/** Measures and signs images with the author's key (PKCS#8 DER, RSA-3072, e = 3), by name. @throws EnclaveError */
export function signImages(
  sources: readonly ImageSource[],
  authorKeyPkcs8: Uint8Array,
  at: Date,
): ReadonlyMap<string, SignedImage> {
  const mrSigner = mrSignerOfKey(authorKeyPkcs8);
  return new Map(
    sources.map(({ manifest, code }) => {
      const image = createImage(parseManifest(manifest), code);
      const sigstruct = signEnclave(image, authorKeyPkcs8, at);
      return [image.manifest.name, { image, sigstruct, mrSigner }];
    }),
  );
}

/** @throws EnclaveHostError HOST_IMAGE_UNKNOWN */
export function imageNamed(images: ReadonlyMap<string, SignedImage>, name: string): SignedImage {
  const found = images.get(name);
  if (found !== undefined) return found;
  throw new EnclaveHostError('HOST_IMAGE_UNKNOWN', 'this host has no image of that name', {
    field: 'image',
  });
}
