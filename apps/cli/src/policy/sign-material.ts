import { createPrivateKey } from 'node:crypto';
import { toUtf8 } from '@touchstone/bytes';
import { parsePemChain, parsePkcs12 } from '@touchstone/pki';
import { createPolicySigner, type PolicySigner } from '@touchstone/policy-document';
import { readGiven } from '../verify/given-files';
import { PolicyFileError } from './policy-file';

export interface SignOptions {
  readonly p12?: string;
  readonly key?: string;
  readonly cert?: string;
  readonly passwordFile?: string;
}

/** Holds the password of a PKCS#12 file or encrypted key; a command line is no place for one. */
export const PASSWORD_VARIABLE = 'TOUCHSTONE_KEY_PASSWORD';

/** The signer that a PKCS#12 file, or a key with its certificates, stands for. */
export async function readSigner(
  { p12, key, cert, passwordFile }: SignOptions,
  env: NodeJS.ProcessEnv,
): Promise<PolicySigner> {
  const password =
    passwordFile === undefined
      ? (env[PASSWORD_VARIABLE] ?? '')
      : toUtf8(await readGiven(passwordFile), passwordFile).replace(/\r?\n$/, '');
  if (p12 !== undefined) return createPolicySigner(parsePkcs12(await readGiven(p12), password));
  const [keyFile, certificateFile] = [key ?? '', cert ?? ''];
  return createPolicySigner({
    privateKeyPkcs8: readPrivateKey(await readGiven(keyFile), keyFile, password),
    certificates: parsePemChain(await readGiven(certificateFile)),
  });
}

function readPrivateKey(pem: Uint8Array, file: string, password: string): Uint8Array {
  try {
    const key = createPrivateKey({ key: Buffer.from(pem), passphrase: password });
    return new Uint8Array(key.export({ format: 'der', type: 'pkcs8' }));
  } catch {
    // The cause is dropped on purpose: key bytes must not travel with an error.
    throw new PolicyFileError(
      'KEY_FILE_INVALID',
      `${file} holds no private key in PEM that can be read`,
      {
        field: file,
      },
    );
  }
}
