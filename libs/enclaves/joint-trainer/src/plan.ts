import { fromHex, fromUtf8, toHex, toUtf8 } from '@touchstone/bytes';
import { JointTrainerError } from './joint-trainer-error';

/** One of those whose data is learnt from, and who alone get the model. */
export interface Participant {
  readonly name: string;
  /** `https://<vault>/keys/<name>`: the data key, in the participant's own vault. */
  readonly keyId: string;
  /** SHA-256 of the encrypted data: nobody's data can be left out, or put in its place by somebody else. 32 bytes. */
  readonly dataSha256: Uint8Array;
}

/**
 * Who takes part, with what. The host hands it in, and nobody trusts the host: its SHA-512 is the CONFIGID that the enclave is loaded
 * with, which every participant demands in its release policy.
 */
export interface StudyPlan {
  /** Base URL of the attestation provider that all participants believe. */
  readonly attestationUrl: string;
  readonly participants: readonly Participant[];
}

const VERSION = 1;
export const MIN_PARTICIPANTS = 2;
export const MAX_PARTICIPANTS = 16;
export const MAX_PLAN_BYTES = 16 * 1024;
const MAX_URL_CHARACTERS = 512;
const DIGEST_BYTES = 32;
const NAME = /^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/;

/** UTF-8 JSON; the same plan gives the same bytes. */
export function encodePlan({ attestationUrl, participants }: StudyPlan): Uint8Array {
  const listed = participants.map(({ name, keyId, dataSha256 }) => ({
    name,
    keyId,
    dataSha256: toHex(dataSha256),
  }));
  return fromUtf8(JSON.stringify({ version: VERSION, attestationUrl, participants: listed }));
}

/** @throws JointTrainerError PLAN_INVALID, naming the member */
export function decodePlan(bytes: Uint8Array): StudyPlan {
  if (bytes.length > MAX_PLAN_BYTES) throw invalid('plan');
  const { version, attestationUrl, participants } = objectIn(() => JSON.parse(toUtf8(bytes)));
  if (version !== VERSION) throw invalid('version');
  if (!isUrl(attestationUrl)) throw invalid('attestationUrl');
  if (!Array.isArray(participants)) throw invalid('participants');
  if (participants.length < MIN_PARTICIPANTS || participants.length > MAX_PARTICIPANTS) {
    throw invalid('participants');
  }
  const read = participants.map(readParticipant);
  // One key for two would let each of them read what is for the other.
  for (const member of ['name', 'keyId'] as const) {
    if (new Set(read.map((one) => one[member])).size < read.length) throw invalid(member);
  }
  return { attestationUrl, participants: read };
}

function readParticipant(value: unknown): Participant {
  const { name, keyId, dataSha256 } = objectIn(() => value);
  if (typeof name !== 'string' || !NAME.test(name)) throw invalid('name');
  if (!isUrl(keyId)) throw invalid('keyId');
  return { name, keyId, dataSha256: digestIn(dataSha256) };
}

function digestIn(value: unknown): Uint8Array {
  try {
    const digest = fromHex(String(value));
    if (digest.length === DIGEST_BYTES) return digest;
  } catch (cause) {
    throw invalid('dataSha256', cause);
  }
  throw invalid('dataSha256');
}

const isUrl = (value: unknown): value is string =>
  typeof value === 'string' && value.startsWith('https://') && value.length <= MAX_URL_CHARACTERS;

function objectIn(read: () => unknown): Readonly<Record<string, unknown>> {
  try {
    const value = read();
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch (cause) {
    throw invalid('plan', cause);
  }
  throw invalid('plan');
}

function invalid(field: string, cause?: unknown): JointTrainerError {
  return new JointTrainerError('PLAN_INVALID', `the plan is not valid: ${field}`, { field, cause });
}
