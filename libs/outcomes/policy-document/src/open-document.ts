import { verify } from 'node:crypto';
import { fromBase64Url, fromUtf8, toUtf8 } from '@touchstone/bytes';
import { parseJsonObject, type JsonObject, type JsonValue } from '@touchstone/claims';
import type { Certificate } from '@touchstone/pki';
import { parseCompactJws, type UnverifiedJws } from '@touchstone/token';
import {
  assertHeaderMembers,
  certificateKey,
  headerSigner,
  readCertificate,
  type DocumentSigner,
} from './document-header';
import { PolicyDocumentError } from './policy-document-error';
import { policyHash, policyTokenHash } from './policy-hash';
import { POLICY_ALGORITHMS, policyAlgorithm } from './policy-signer';
import { assertTrusted, type DocumentTrust } from './trust';
import { CERTIFICATE_MEMBER, POLICY_MEMBER } from './write-document';

/** A document that may do what it asks for. */
export interface OpenedDocument {
  /** Byte for byte as it came: this is what is stored, returned and hashed. */
  readonly jws: string;
  /** `x-ms-policy-token-hash`. */
  readonly tokenHash: string;
  /** Absent when the document is not signed. */
  readonly signer?: DocumentSigner;
}

export interface PolicyDocument extends OpenedDocument {
  readonly text: string;
  /** `x-ms-policy-hash`. */
  readonly hash: string;
}

export interface OpenPolicyOptions {
  /** Take a policy that stands there as plain text, as the 2018 preview did. Default: refuse. */
  readonly plainText?: boolean;
}

/**
 * Opens what sets a policy. Whether the text is a policy is for the policy engine to say.
 *
 * @throws PolicyDocumentError
 */
export function openPolicyDocument(
  jws: string,
  trust: DocumentTrust,
  options: OpenPolicyOptions = {},
): PolicyDocument {
  const { payload, ...document } = open(jws, trust);
  const text = policyText(readObject(payload)[POLICY_MEMBER], options.plainText ?? false);
  return { ...document, text, hash: policyHash(text) };
}

/** Opens what resets a policy: nothing, signed by whom it may concern. */
export function openResetDocument(jws: string, trust: DocumentTrust): OpenedDocument {
  const { payload, ...document } = open(jws, trust);
  if (payload.length > 0) throw malformed('a reset has no payload', 'payload');
  return document;
}

/** Names under which clients have sent a signer's certificate, today's first. */
export const CERTIFICATE_MEMBERS = [
  CERTIFICATE_MEMBER,
  'maa-policyCertificate',
  'aas-policyCertificate',
  'x-ms-policyCertificate',
] as const;

export interface SignerChange extends OpenedDocument {
  readonly certificate: Certificate;
}

/** Opens what adds or removes a certificate of a signer. */
export function openSignerChange(jws: string, trust: DocumentTrust): SignerChange {
  const { payload, ...document } = open(jws, trust);
  const object = readObject(payload);
  const names = CERTIFICATE_MEMBERS.filter((name) => Object.hasOwn(object, name));
  const [name] = names;
  if (name === undefined || names.length > 1) {
    throw malformed('the payload holds one certificate', CERTIFICATE_MEMBER);
  }
  return { ...document, certificate: certificateIn(object[name], name) };
}

function open(jws: string, trust: DocumentTrust): OpenedDocument & { payload: Uint8Array } {
  const parsed = parse(jws);
  assertHeaderMembers(parsed.header);
  const signer = parsed.header.alg === 'none' ? assertBare(parsed.header) : verified(parsed);
  assertTrusted(signer, trust);
  const tokenHash = policyTokenHash(jws);
  return { jws, tokenHash, payload: parsed.payload, ...(signer && { signer }) };
}

function parse(jws: string): UnverifiedJws {
  try {
    return parseCompactJws(jws, { allowUnsecured: true });
  } catch (cause) {
    throw malformed('the document is no JWS in compact form', 'jws', cause);
  }
}

/** Without a signature, a key in the header would be somebody's whom nobody asked. */
function assertBare(header: JsonObject): undefined {
  const named = ['x5c', 'jwk'].find((name) => header[name] !== undefined);
  if (named === undefined) return undefined;
  throw new PolicyDocumentError(
    'POLICY_DOCUMENT_HEADER',
    'a document that is not signed has a key',
    {
      field: named,
    },
  );
}

function verified({ header, signature, signingInput }: UnverifiedJws): DocumentSigner {
  if (!(POLICY_ALGORITHMS as readonly string[]).includes(header.alg)) throw wrongAlgorithm();
  const signer = headerSigner(header);
  if (policyAlgorithm(signer.key) !== header.alg) throw wrongAlgorithm();
  const key = { key: signer.key, dsaEncoding: 'ieee-p1363' } as const;
  if (!verify('sha256', fromUtf8(signingInput), key, signature)) {
    throw new PolicyDocumentError('POLICY_DOCUMENT_SIGNATURE', 'the signature does not verify', {
      field: 'signature',
    });
  }
  return signer;
}

function readObject(payload: Uint8Array): JsonObject {
  try {
    return parseJsonObject(toUtf8(payload, 'payload'), 'payload');
  } catch (cause) {
    throw malformed('the payload is no JSON object', 'payload', cause);
  }
}

function policyText(member: JsonValue | undefined, plainText: boolean): string {
  if (typeof member !== 'string') throw malformed('the payload holds no policy', POLICY_MEMBER);
  try {
    return toUtf8(fromBase64Url(member, POLICY_MEMBER), POLICY_MEMBER);
  } catch (cause) {
    // No policy is base64url as it stands: there is a semicolon in each.
    if (plainText) return member;
    throw malformed('the policy is not base64url of UTF-8', POLICY_MEMBER, cause);
  }
}

function certificateIn(jwk: JsonValue | undefined, name: string): Certificate {
  const members = typeof jwk === 'object' && jwk !== null && !Array.isArray(jwk) ? jwk : {};
  const { kty, x5c } = members as JsonObject;
  if (!Array.isArray(x5c)) throw malformed('the certificate is a JWK with its x5c', name);
  const field = `${name}.x5c[0]`;
  const certificate = readCertificate((x5c as readonly JsonValue[])[0], field);
  const algorithm = policyAlgorithm(certificateKey(certificate, field));
  if (!algorithm) throw malformed('the key of the certificate could never sign', field);
  if (kty !== KEY_TYPES[algorithm]) throw malformed('kty is not that of the certificate', name);
  return certificate;
}

const KEY_TYPES = { RS256: 'RSA', ES256: 'EC' } as const;

const wrongAlgorithm = (): PolicyDocumentError =>
  new PolicyDocumentError('POLICY_DOCUMENT_ALGORITHM', 'the algorithm does not fit the key', {
    field: 'alg',
  });

const malformed = (why: string, field: string, cause?: unknown): PolicyDocumentError =>
  new PolicyDocumentError('POLICY_DOCUMENT_MALFORMED', why, { field, cause });
