import { DerReader, Tag, contextTag } from './der-reader';
import { readOid, readSmall } from './der-values';

export const Oid = {
  ecPublicKey: '1.2.840.10045.2.1',
  p256: '1.2.840.10045.3.1.7',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  ecdsaWithSha384: '1.2.840.10045.4.3.3',
  ecdsaWithSha512: '1.2.840.10045.4.3.4',
  sha256WithRsa: '1.2.840.113549.1.1.11',
  sha384WithRsa: '1.2.840.113549.1.1.12',
  sha512WithRsa: '1.2.840.113549.1.1.13',
  rsaPss: '1.2.840.113549.1.1.10',
} as const;

/** How a signature is checked; `hash` is node's name for it. */
export type SignatureScheme =
  | { readonly kind: 'ecdsa' | 'rsa-pkcs1'; readonly hash: string }
  | { readonly kind: 'rsa-pss'; readonly hash: string; readonly saltLength: number };

const PLAIN_SCHEMES: Readonly<Record<string, SignatureScheme>> = {
  [Oid.ecdsaWithSha256]: { kind: 'ecdsa', hash: 'sha256' },
  [Oid.ecdsaWithSha384]: { kind: 'ecdsa', hash: 'sha384' },
  [Oid.ecdsaWithSha512]: { kind: 'ecdsa', hash: 'sha512' },
  [Oid.sha256WithRsa]: { kind: 'rsa-pkcs1', hash: 'sha256' },
  [Oid.sha384WithRsa]: { kind: 'rsa-pkcs1', hash: 'sha384' },
  [Oid.sha512WithRsa]: { kind: 'rsa-pkcs1', hash: 'sha512' },
};

const HASHES: Readonly<Record<string, string>> = {
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};

const MAX_SALT_LENGTH = 64;

/** An AlgorithmIdentifier as a scheme, or undefined for one that is not trusted here (SHA-1, MD5, unknown). */
export function signatureScheme(algorithm: Uint8Array): SignatureScheme | undefined {
  const reader = new DerReader(algorithm).enter(Tag.sequence, 'signatureAlgorithm');
  const oid = readOid(reader, 'signatureAlgorithm');
  if (oid === Oid.rsaPss) return reader.done ? undefined : pssScheme(reader);
  return PLAIN_SCHEMES[oid];
}

// RFC 4055 section 3.1; every default there is SHA-1, so hash and mask must both be spelled out and agree.
function pssScheme(reader: DerReader): SignatureScheme | undefined {
  const field = 'rsassaPssParams';
  const params = reader.enter(Tag.sequence, field);
  const hashField = params.optional(contextTag(0), field);
  const maskField = params.optional(contextTag(1), field);
  const saltField = params.optional(contextTag(2), field);
  if (!hashField || !maskField || !saltField) return undefined;
  const hash = HASHES[readOid(hashField.children().enter(Tag.sequence, field), field)];
  const mask = maskField.children().enter(Tag.sequence, field);
  readOid(mask, field);
  const maskHash = HASHES[readOid(mask.enter(Tag.sequence, field), field)];
  if (hash === undefined || maskHash !== hash) return undefined;
  return {
    kind: 'rsa-pss',
    hash,
    saltLength: readSmall(saltField.children(), field, MAX_SALT_LENGTH),
  };
}
