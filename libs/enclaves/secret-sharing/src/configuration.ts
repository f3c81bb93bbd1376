import { fromHex, fromUtf8, toHex, toUtf8 } from '@touchstone/bytes';
import { parsePemChain } from '@touchstone/pki';
import { SecretSharingError } from './secret-sharing-error';

/**
 * Whom a party believes. It is handed in by the host, which nobody trusts; the enclave takes it only when its SHA-512 is the
 * CONFIGID that it was loaded with, and a party whose CONFIGID is another is refused.
 */
export interface Configuration {
  /**
   * Public key of the root that evidence has to chain up to: an uncompressed P-256 point, 65 bytes. In JSON its hex, or the
   * root's certificate as PEM text.
   */
  readonly root: Uint8Array;
  /** TCB statuses that a peer's platform may have. */
  readonly acceptedTcbStatuses: readonly string[];
  /** Least ISVSVN of a peer. */
  readonly minimumSvn: number;
  /**
   * `required`: evidence has to answer a challenge, or to be made for this party's key. `optional`: so it has where it says
   * anything; the clients of the guide say nothing, and what they send can be sent again.
   */
  readonly freshness: 'required' | 'optional';
  /** Whether a client without evidence may give its key: `secretsharing` with Azure Attestation, where only the enclave is attested. */
  readonly unattestedKeys?: boolean;
  /** MRENCLAVE (32 bytes) of a peer; a peer that is the same program as this one unless given. */
  readonly peerMrEnclave?: Uint8Array;
}

const VERSION = 1;
const ROOT_BYTES = 65;
const PEM_BEGIN = '-----BEGIN CERTIFICATE-----';
const MEASUREMENT_BYTES = 32;
const U16_MAX = 0xffff;
export const MAX_CONFIGURATION_BYTES = 16 * 1024;

/** UTF-8 JSON; the same configuration gives the same bytes. */
export function encodeConfiguration(configuration: Configuration): Uint8Array {
  const { root, acceptedTcbStatuses, minimumSvn, freshness } = configuration;
  const { unattestedKeys = false, peerMrEnclave } = configuration;
  return fromUtf8(
    JSON.stringify({
      version: VERSION,
      root: toHex(root),
      acceptedTcbStatuses,
      minimumSvn,
      freshness,
      unattestedKeys,
      ...(peerMrEnclave && { peerMrEnclave: toHex(peerMrEnclave) }),
    }),
  );
}

/** @throws SecretSharingError CONFIGURATION_INVALID, naming the member */
export function decodeConfiguration(bytes: Uint8Array): Configuration {
  const members = objectIn(bytes);
  const { version, acceptedTcbStatuses, minimumSvn, freshness } = members;
  const { unattestedKeys = false, peerMrEnclave } = members;
  if (version !== VERSION) throw invalid('version');
  if (!isTextList(acceptedTcbStatuses)) throw invalid('acceptedTcbStatuses');
  if (!isSvn(minimumSvn)) throw invalid('minimumSvn');
  if (freshness !== 'required' && freshness !== 'optional') throw invalid('freshness');
  if (typeof unattestedKeys !== 'boolean') throw invalid('unattestedKeys');
  return {
    unattestedKeys,
    root: rootIn(members),
    acceptedTcbStatuses,
    minimumSvn,
    freshness,
    ...(peerMrEnclave !== undefined && {
      peerMrEnclave: hex(members, 'peerMrEnclave', MEASUREMENT_BYTES),
    }),
  };
}

function objectIn(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  if (bytes.length > MAX_CONFIGURATION_BYTES) throw invalid('configuration');
  try {
    const value: unknown = JSON.parse(toUtf8(bytes));
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // As below.
  }
  throw invalid('configuration');
}

function rootIn(members: Readonly<Record<string, unknown>>): Uint8Array {
  const { root } = members;
  if (typeof root !== 'string' || !root.startsWith(PEM_BEGIN)) {
    return hex(members, 'root', ROOT_BYTES);
  }
  try {
    const [certificate] = parsePemChain(root);
    if (certificate?.publicKeyBytes.length === ROOT_BYTES) return certificate.publicKeyBytes;
  } catch {
    // As below.
  }
  throw invalid('root');
}

function hex(members: Readonly<Record<string, unknown>>, name: string, length: number): Uint8Array {
  const value = members[name];
  if (typeof value !== 'string' || value.length !== 2 * length) throw invalid(name);
  try {
    return fromHex(value, name);
  } catch {
    throw invalid(name);
  }
}

const isTextList = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string');

const isSvn = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= U16_MAX;

const invalid = (field: string): SecretSharingError =>
  new SecretSharingError('CONFIGURATION_INVALID', `the configuration has a bad ${field}`, {
    field,
  });
