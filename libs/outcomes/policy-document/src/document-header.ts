import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { fromBase64Lenient } from '@touchstone/bytes';
import type { JsonObject, JsonValue } from '@touchstone/claims';
import { MAX_CHAIN_CERTIFICATES, parseCertificate, type Certificate } from '@touchstone/pki';
import { PolicyDocumentError } from './policy-document-error';
import { chainJwk } from './signer-jwk';

/** Who signed a document, by its own word: the signature verifies, whether they may sign is another question. */
export interface DocumentSigner {
  /** `x-ms-policy-signer`. */
  readonly jwk: JsonObject;
  readonly key: KeyObject;
  /** As in `x5c`, leaf first; empty when the header has only a key. */
  readonly chain: readonly Certificate[];
}

const ALLOWED_MEMBERS: ReadonlySet<string> = new Set(['alg', 'kid', 'jwk', 'x5c', 'typ']);
const PUBLIC_MEMBERS = ['kty', 'n', 'e', 'crv', 'x', 'y'] as const;

/**
 * A policy is judged by a key in its own header, so that the header says nothing else: not where a key might be
 * fetched (`jku`, `x5u`), not what a reader would have to understand.
 *
 * @throws PolicyDocumentError POLICY_DOCUMENT_HEADER
 */
export function assertHeaderMembers(header: JsonObject): void {
  const unknown = Object.keys(header).find((name) => !ALLOWED_MEMBERS.has(name));
  if (unknown !== undefined) throw refused('the header has a member that is not allowed', unknown);
  if (header['typ'] !== undefined && header['typ'] !== 'JWT') {
    throw refused('the type is not JWT', 'typ');
  }
}

/** @throws PolicyDocumentError POLICY_DOCUMENT_HEADER */
export function headerSigner({ x5c, jwk }: JsonObject): DocumentSigner {
  const chain = x5c === undefined ? [] : readChain(x5c);
  const headerKey = jwk === undefined ? undefined : readJwk(jwk);
  const [leaf, ...issuers] = chain;
  if (leaf) {
    const key = certificateKey(leaf, 'x5c[0]');
    if (headerKey && !headerKey.key.equals(key)) throw refused('jwk and x5c disagree', 'jwk');
    return { jwk: chainJwk([leaf, ...issuers]), key, chain };
  }
  if (!headerKey) throw refused('a signed document names its key', 'x5c');
  return { ...headerKey, chain };
}

function readChain(x5c: JsonValue): readonly Certificate[] {
  if (!Array.isArray(x5c) || x5c.length === 0)
    throw refused('x5c is no list of certificates', 'x5c');
  if (x5c.length > MAX_CHAIN_CERTIFICATES) throw refused('x5c is too long', 'x5c');
  return x5c.map((text: JsonValue, index) => readCertificate(text, `x5c[${index}]`));
}

/** @throws PolicyDocumentError POLICY_DOCUMENT_HEADER with `field` */
export function readCertificate(text: JsonValue | undefined, field: string): Certificate {
  if (typeof text !== 'string') throw refused('a certificate is base64 text', field);
  try {
    return parseCertificate(fromBase64Lenient(text, field));
  } catch (cause) {
    throw refused('a certificate cannot be read', field, cause);
  }
}

function readJwk(jwk: JsonValue): Pick<DocumentSigner, 'jwk' | 'key'> {
  if (typeof jwk !== 'object' || jwk === null || Array.isArray(jwk)) {
    throw refused('jwk is no object', 'jwk');
  }
  const members = jwk as JsonObject;
  // Nothing but the public key: a private member must not be passed on.
  const kept = PUBLIC_MEMBERS.flatMap((name) => {
    const value = members[name];
    return typeof value === 'string' ? [[name, value] as const] : [];
  });
  const publicJwk: Readonly<Record<string, string>> = Object.fromEntries(kept);
  try {
    const key: JsonWebKey = { ...publicJwk };
    return { jwk: publicJwk, key: createPublicKey({ key, format: 'jwk' }) };
  } catch (cause) {
    throw refused('jwk is no public key', 'jwk', cause);
  }
}

/** @throws PolicyDocumentError POLICY_DOCUMENT_HEADER with `field` */
export function certificateKey(certificate: Certificate, field: string): KeyObject {
  try {
    return certificate.publicKey;
  } catch (cause) {
    throw refused('the key of a certificate cannot be used', field, cause);
  }
}

const refused = (why: string, field: string, cause?: unknown): PolicyDocumentError =>
  new PolicyDocumentError('POLICY_DOCUMENT_HEADER', why, { field, cause });
