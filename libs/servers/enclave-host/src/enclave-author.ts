import { generateKeyPair } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { fromUtf8 } from '@touchstone/bytes';
import { createImage, manifestToJson, parseManifest, signEnclave } from '@touchstone/enclave';
import type { EnclaveManifest } from '@touchstone/enclave';
import type { EnclaveBundle } from '@touchstone/enclave-rpc';
import { mrSignerOfKey, SIGSTRUCT_KEY_BITS } from '@touchstone/platform';

/** An enclave as its author gives it away: measured and signed. */
export interface ReleasedEnclave {
  readonly bundle: EnclaveBundle;
  /** 32 bytes each. */
  readonly mrEnclave: Uint8Array;
  readonly mrSigner: Uint8Array;
  readonly svn: number;
}

/** The author of an enclave: the only one who holds the key behind its MRSIGNER. */
export interface EnclaveAuthor {
  /** `changes` go before what the manifest says. */
  sign(
    name: string,
    code: Uint8Array,
    manifestText: string,
    changes?: Partial<EnclaveManifest>,
  ): ReleasedEnclave;
}

/** A new author, with an RSA-3072 key of exponent 3 as SIGSTRUCT demands. */
export async function newEnclaveAuthor(at: Date): Promise<EnclaveAuthor> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: SIGSTRUCT_KEY_BITS,
    publicExponent: 3,
  });
  const pkcs8 = new Uint8Array(privateKey.export({ format: 'der', type: 'pkcs8' }));
  return {
    sign: (name, code, manifestText, changes = {}) => {
      const manifest = { ...parseManifest(manifestText), ...changes };
      const image = createImage(manifest, code);
      const sigstruct = signEnclave(image, pkcs8, at);
      return {
        bundle: { name, code, manifest: fromUtf8(manifestToJson(manifest)), sigstruct },
        mrEnclave: image.mrEnclave,
        mrSigner: mrSignerOfKey(pkcs8),
        svn: manifest.svn,
      };
    },
  };
}

/** An enclave as its build leaves it, in a folder of built enclaves: the one file of code that is measured, and its manifest. */
export async function readBuiltEnclave(
  folder: string,
  name: string,
): Promise<{ code: Uint8Array; manifest: string }> {
  const [code, manifest] = await Promise.all([
    readFile(path.join(folder, name, 'enclave.js')),
    readFile(path.join(folder, name, 'enclave.json'), 'utf8'),
  ]);
  return { code: new Uint8Array(code), manifest };
}

/** The same code with its last byte changed, a line end into a space: it runs the same, and is another enclave. */
export function withOneByteChanged(code: Uint8Array): Uint8Array {
  const changed = code.slice();
  changed[changed.length - 1] = 0x20;
  return changed;
}
