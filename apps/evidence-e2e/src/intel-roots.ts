import { parsePemChain } from '@touchstone/pki';
import { readText } from './manifest';

const ROOT = 'roots/intel-sgx-root-ca.pem';

const SIGNERS = ['roots/intel-sgx-tcb-signing-2018.pem', 'roots/intel-sgx-tcb-signing-2025.pem'];

const CAS: Readonly<Record<string, string>> = {
  'Intel SGX PCK Platform CA': 'roots/intel-sgx-pck-platform-ca.pem',
  'Intel SGX PCK Processor CA': 'roots/intel-sgx-pck-processor-ca-20180521105010.pem',
};

/** The TCB signing certificate was issued again with the same key: the first one that is valid at the instant, and the root. */
export function signingChainAt(at: Date): string {
  const signer = SIGNERS.find((file) => {
    const [certificate] = parsePemChain(readText(file));
    return certificate !== undefined && certificate.notBefore <= at && at <= certificate.notAfter;
  });
  if (signer === undefined)
    throw new Error(`no TCB signing certificate is valid at ${at.toISOString()}`);
  return joined(signer, ROOT);
}

export const rootChain = (): string => joined(ROOT);

export function caChain(commonName: string): string {
  const file = CAS[commonName];
  if (file === undefined) throw new Error(`no certificate of ${commonName}`);
  return joined(file, ROOT);
}

const joined = (...files: readonly string[]): string =>
  files.map((file) => `${readText(file).trim()}\n`).join('');
