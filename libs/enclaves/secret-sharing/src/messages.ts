import { fromBase64Url, fromUtf8, toBase64Url, toUtf8 } from '@touchstone/bytes';
import { SecretSharingError } from './secret-sharing-error';

/** `PEM`: an RSA public key. `AES`: a key encrypted to the peer's RSA key. The names and numbers are the guide's. */
export const KEY_KINDS = { PEM: 0, AES: 1 } as const;
export type KeyKind = keyof typeof KEY_KINDS;

/** An attested key on its way to the peer. */
export interface AttestedKey {
  readonly kind: KeyKind;
  /** `PEM`: SubjectPublicKeyInfo as PEM text; `AES`: RSA-OAEP (SHA-256) cipher text. */
  readonly key: Uint8Array;
  /** Evidence, or a local report of 432 bytes: the first half of its report data is SHA-256 of `key`. */
  readonly report: Uint8Array;
}

/** Asks a party for its attested key. */
export interface AttestationOrder {
  readonly kind: KeyKind;
  /** `PEM`: what the second half of the report data shall be (32 bytes); zeros when absent. */
  readonly challenge?: Uint8Array;
  /** Present: a report to this target (TARGETINFO, 512 bytes) on the same processor, in place of remote evidence. */
  readonly targetInfo?: Uint8Array;
  readonly format?: EvidenceFormat;
}

/** A bare quote, or one behind Open Enclave's report header, as the guide's enclaves send it. */
export type EvidenceFormat = 'sgx-quote' | 'oe-report';

/** What a party found out about its peer. */
export interface PeerFacts {
  readonly mrEnclave: string;
  readonly mrSigner: string;
  readonly isvProdId: number;
  readonly isvSvn: number;
  readonly debug: boolean;
  /** `local` where one processor vouched for both. */
  readonly tcbStatus: string;
  /** Names of what was checked, in their order. */
  readonly checks: readonly string[];
}

export const MAX_REPORT_BYTES = 64 * 1024;
export const MAX_KEY_BYTES = 4096;
export const CHALLENGE_BYTES = 32;
export const TARGET_INFO_BYTES = 512;
const MAX_MESSAGE_BYTES = 256 * 1024;
const MAX_TEXT_CHARACTERS = 4096;

type Members = Readonly<Record<string, unknown>>;

/** Members of bytes as base64url; everything else as it is. */
export function encodeMessage(message: object): Uint8Array {
  const members = Object.entries(message).map(([name, value]: [string, unknown]) => [
    name,
    value instanceof Uint8Array ? toBase64Url(value) : value,
  ]);
  return fromUtf8(JSON.stringify(Object.fromEntries(members)));
}

/** @throws SecretSharingError REQUEST_INVALID */
export function decodeMessage(bytes: Uint8Array): Members {
  if (bytes.length > MAX_MESSAGE_BYTES) throw requestInvalid('payload');
  try {
    const value: unknown = JSON.parse(toUtf8(bytes));
    if (typeof value === 'object' && value !== null) return value as Members;
  } catch {
    // As below.
  }
  throw requestInvalid('payload');
}

export function decodeAttestedKey(bytes: Uint8Array): AttestedKey {
  const members = decodeMessage(bytes);
  return {
    kind: kindIn(members),
    key: bytesIn(members, 'key', MAX_KEY_BYTES),
    report: bytesIn(members, 'report', MAX_REPORT_BYTES),
  };
}

export function decodeAttestationOrder(bytes: Uint8Array): AttestationOrder {
  const members = decodeMessage(bytes);
  const { challenge, targetInfo, format } = members;
  if (format !== undefined && format !== 'sgx-quote' && format !== 'oe-report') {
    throw requestInvalid('format');
  }
  return {
    kind: kindIn(members),
    ...(format !== undefined && { format }),
    ...(challenge !== undefined && { challenge: exactly(members, 'challenge', CHALLENGE_BYTES) }),
    ...(targetInfo !== undefined && {
      targetInfo: exactly(members, 'targetInfo', TARGET_INFO_BYTES),
    }),
  };
}

export function textIn(members: Members, name: string): string {
  const value = members[name];
  if (typeof value === 'string' && value.length <= MAX_TEXT_CHARACTERS) return value;
  throw requestInvalid(name);
}

export function bytesIn(members: Members, name: string, max: number): Uint8Array {
  const value = members[name];
  if (typeof value !== 'string') throw requestInvalid(name);
  let bytes: Uint8Array;
  try {
    bytes = fromBase64Url(value, name);
  } catch {
    throw requestInvalid(name);
  }
  if (bytes.length > max) throw requestInvalid(name);
  return bytes;
}

function exactly(members: Members, name: string, length: number): Uint8Array {
  const bytes = bytesIn(members, name, length);
  if (bytes.length !== length) throw requestInvalid(name);
  return bytes;
}

function kindIn({ kind }: Members): KeyKind {
  if (kind === 'PEM' || kind === 'AES') return kind;
  throw requestInvalid('kind');
}

export const requestInvalid = (field: string): SecretSharingError =>
  new SecretSharingError('REQUEST_INVALID', `the request has a bad ${field}`, { field });
