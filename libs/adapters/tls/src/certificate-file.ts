import { createPrivateKey } from 'node:crypto';
import {
  ecSignerFromPkcs8,
  parsePemChain,
  toPem,
  type Certificate,
  type EcSigner,
} from '@touchstone/pki';

/** A private key with its certificates, leaf first, as they stand together in one PEM file. */
export interface Identity {
  readonly key: string;
  readonly cert: string;
  readonly certificates: readonly Certificate[];
}

const KEY_BLOCK = /-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----\n?/;

/** Key first, then the chain: one file, so that a key can never stand beside another key's certificate. */
export function encodeIdentity(key: EcSigner, chain: readonly Uint8Array[]): string {
  return `${toPem(key.toPkcs8(), 'PRIVATE KEY')}${chain.map((der) => toPem(der)).join('')}`;
}

/** Reads what `encodeIdentity` wrote; `undefined` when the text is anything else. */
export function decodeIdentity(text: string): Identity | undefined {
  const key = KEY_BLOCK.exec(text)?.[0];
  if (key === undefined) return undefined;
  const cert = text.replace(key, '');
  try {
    return { key, cert, certificates: parsePemChain(cert) };
  } catch {
    return undefined;
  }
}

export function signerOf(identity: Identity): EcSigner {
  const der = createPrivateKey(identity.key).export({ type: 'pkcs8', format: 'der' });
  return ecSignerFromPkcs8(new Uint8Array(der));
}
