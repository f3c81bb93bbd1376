import { equal } from '@touchstone/bytes';
import { mrSignerOf, parseSigstruct } from '@touchstone/platform';
import type { EnclaveImage } from '../image/image';
import { loadRequest, type LoadOptions } from '../image/load-enclave';
import type { LaunchEnclave } from './launch-enclave';

/** Host-side go-between of loaders and the launch enclave, as the launch service is on real machines. */
export interface LaunchService {
  /** How to load this image here: with a token, unless its signer is the launch enclave's own. @throws EnclaveError as the launch enclave refuses it */
  launchable(image: EnclaveImage, sigstruct: Uint8Array, options?: LoadOptions): LoadOptions;
}

/** For a machine where everybody launches. */
export const OPEN_LAUNCH: LaunchService = {
  launchable: (_image, _sigstruct, options = {}) => options,
};

export const createLaunchService = (
  launchEnclave: LaunchEnclave,
  launchKeyHash: Uint8Array,
): LaunchService => ({
  launchable: (image, sigstruct, options = {}) => {
    const mrSigner = mrSignerOf(parseSigstruct(sigstruct).modulus);
    if (options.einitToken !== undefined || equal(mrSigner, launchKeyHash)) return options;
    const { attributes } = loadRequest(image, sigstruct, options);
    const { mrEnclave } = image;
    return { ...options, einitToken: launchEnclave.token({ mrEnclave, mrSigner, attributes }) };
  },
});
