import { createPublicKey, verify } from 'node:crypto';
import { equal, fromBase64Url, fromUtf8, toBase64Url, toUtf8 } from '@touchstone/bytes';
import { parseJsonObject, type JsonObject } from '@touchstone/claims';
import { parseQuote } from '@touchstone/quote';
import { toPem } from '@touchstone/pki';
import { AttestedKeyError } from './attested-key-error';
import { CHANNEL_KEY_BYTES, channelProofInput } from './channel';
import { keyReportData } from './key-id';
import { MAX_SIGNER_EVIDENCE_BYTES } from './quote-extension';

/** What an enclave says of the key that was just born in it. */
export interface KeyBirth {
  /** RSA, SubjectPublicKeyInfo DER. */
  readonly spki: Uint8Array;
  /** SGX quote whose report data is that of the key. */
  readonly quote: Uint8Array;
  /** The enclave's end of the channel, 32 bytes. */
  readonly channelKey: Uint8Array;
  /** Signature of the newborn key over both ends of the channel (RSASSA-PKCS1-v1_5 with SHA-256). */
  readonly proof: Uint8Array;
}

const MAX_SPKI_BYTES = 1024;
const MAX_SIGNATURE_BYTES = 512;
const MAX_BIRTH_BYTES = 128 * 1024;

/** `{"spki","quote","channelKey","proof"}`, each base64url, as UTF-8 JSON. */
export function encodeKeyBirth({ spki, quote, channelKey, proof }: KeyBirth): Uint8Array {
  const members = { spki, quote, channelKey, proof };
  return fromUtf8(
    JSON.stringify(
      Object.fromEntries(
        Object.entries(members).map(([name, value]) => [name, toBase64Url(value)]),
      ),
    ),
  );
}

/**
 * Reads a birth, and checks that the key vouches for the channel to `controller` and that the quote is over the key. Whether
 * the quote is genuine is asked by whoever relies on the key.
 *
 * @throws AttestedKeyError ATTESTED_KEY_BIRTH_MALFORMED or ATTESTED_KEY_BIRTH_UNBOUND
 */
export function acceptKeyBirth(bytes: Uint8Array, controller: Uint8Array): KeyBirth {
  const birth = decodeKeyBirth(bytes);
  const { spki, quote, channelKey, proof } = birth;
  const input = channelProofInput({ controller, enclave: channelKey });
  if (!signedBy(spki, input, proof)) throw unbound('proof');
  if (!equal(reportDataOf(quote), keyReportData(spki))) throw unbound('quote');
  return birth;
}

function decodeKeyBirth(bytes: Uint8Array): KeyBirth {
  if (bytes.length > MAX_BIRTH_BYTES) throw malformed('birth');
  const members = objectIn(bytes);
  const channelKey = member(members, 'channelKey', CHANNEL_KEY_BYTES);
  if (channelKey.length !== CHANNEL_KEY_BYTES) throw malformed('channelKey');
  return {
    spki: member(members, 'spki', MAX_SPKI_BYTES),
    quote: member(members, 'quote', MAX_SIGNER_EVIDENCE_BYTES),
    channelKey,
    proof: member(members, 'proof', MAX_SIGNATURE_BYTES),
  };
}

function objectIn(bytes: Uint8Array): JsonObject {
  try {
    return parseJsonObject(toUtf8(bytes, 'birth'), 'birth');
  } catch (cause) {
    throw malformed('birth', cause);
  }
}

function member(members: JsonObject, name: string, maxBytes: number): Uint8Array {
  const text = members[name];
  if (typeof text !== 'string') throw malformed(name);
  const bytes = decoded(text, name);
  if (bytes.length === 0 || bytes.length > maxBytes) throw malformed(name);
  return bytes;
}

function decoded(text: string, name: string): Uint8Array {
  try {
    return fromBase64Url(text, name);
  } catch (cause) {
    throw malformed(name, cause);
  }
}

function signedBy(spki: Uint8Array, input: Uint8Array, signature: Uint8Array): boolean {
  try {
    const key = createPublicKey(toPem(spki, 'PUBLIC KEY'));
    return key.asymmetricKeyType === 'rsa' && verify('sha256', input, key, signature);
  } catch (cause) {
    throw malformed('spki', cause);
  }
}

function reportDataOf(bytes: Uint8Array): Uint8Array {
  try {
    const quote = parseQuote(bytes);
    if (quote.teeType === 'sgx') return quote.body.reportData;
  } catch (cause) {
    throw malformed('quote', cause);
  }
  throw malformed('quote');
}

const malformed = (field: string, cause?: unknown): AttestedKeyError =>
  new AttestedKeyError('ATTESTED_KEY_BIRTH_MALFORMED', `${field} cannot be read`, { field, cause });

const unbound = (field: string): AttestedKeyError =>
  new AttestedKeyError('ATTESTED_KEY_BIRTH_UNBOUND', `the ${field} belongs to another key`, {
    field,
  });
