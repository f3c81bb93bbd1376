/** What a build leaves. */
export interface BundledEnclave {
  /** One CommonJS text: the exact bytes that are measured. */
  readonly code: Uint8Array;
  /** Text of `enclave.json`. */
  readonly manifest: string;
  /** Modules that the code asks for when it runs, `node:crypto` for one. */
  readonly imports: readonly string[];
}

export interface BundleOptions {
  /** Folders to find packages in that the enclave's own folder does not lead to. */
  readonly nodePaths?: readonly string[];
}

/** Name of the manifest in an enclave's folder. */
export const MANIFEST_FILE: string;

/** Where an enclave's code may begin, the first that there is. */
export const ENTRY_POINTS: readonly string[];

/**
 * An enclave's folder to its code and manifest. The same sources give the same bytes, wherever they are and whoever builds.
 * Fails with an Error that has a `code`: ENCLAVE_FOLDER_INVALID, ENCLAVE_BUILD_FAILED.
 */
export function bundleEnclave(folder: string, options?: BundleOptions): Promise<BundledEnclave>;
