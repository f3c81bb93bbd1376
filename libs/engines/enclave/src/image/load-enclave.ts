import type { LoadRequest, LoadedEnclave, Processor } from '@touchstone/platform';
import { AttributeFlag, XfrmFlag } from '@touchstone/quote';
import type { EnclaveImage } from './image';
import { attributeFlags } from './manifest';

/** What the loader, not the author, decides. */
export interface LoadOptions {
  /** Whether the enclave can be read; as the manifest says unless told otherwise. */
  readonly debug?: boolean;
  /** 64 bytes; KSS enclaves only. */
  readonly configId?: Uint8Array;
  readonly configSvn?: number;
  /** 304 bytes, from the launch enclave of a machine that has a launch key. */
  readonly einitToken?: Uint8Array;
}

/** The processor's view of an image. */
export function loadRequest(
  image: EnclaveImage,
  sigstruct: Uint8Array,
  options: LoadOptions = {},
): LoadRequest {
  const { debug = image.manifest.debug, configId, configSvn, einitToken } = options;
  const flags = attributeFlags(image.manifest) | (debug ? AttributeFlag.DEBUG : 0n);
  return {
    layout: image.layout,
    sigstruct,
    attributes: { flags, xfrm: XfrmFlag.LEGACY },
    miscSelect: 0,
    ...(configId && { configId }),
    ...(configSvn !== undefined && { configSvn }),
    ...(einitToken && { einitToken }),
  };
}

/** Loads an image into a processor. @throws PlatformError as ECREATE and EINIT refuse it */
export const loadEnclave = <Running>(
  processor: Processor<Running>,
  image: EnclaveImage,
  sigstruct: Uint8Array,
  options: LoadOptions = {},
): LoadedEnclave<Running> => processor.load(loadRequest(image, sigstruct, options));
