import { fromBase64Lenient } from '@touchstone/bytes';
import { heldDataType, type HeldData } from '@touchstone/claims';
import { z } from 'zod';
import { supportsNonce, type ApiVersion } from './api-version';
import { knownMembers } from './members';
import { AttestationWireError } from './wire-error';

/** Evidence types whose operations this room knows, as they stand in paths. */
export const ATTESTATION_TYPES = ['SgxEnclave', 'OpenEnclave'] as const;
export type AttestationType = (typeof ATTESTATION_TYPES)[number];

/** Which member carries the evidence. */
export const EVIDENCE_MEMBER = { SgxEnclave: 'quote', OpenEnclave: 'report' } as const;

/** Whole request body. A quote with its chain has about 5,000 bytes; the rest is for held data and a draft policy. */
export const MAX_ATTEST_BODY_BYTES = 1_048_576;
export const MAX_NONCE_CHARACTERS = 1024;

/** What a caller asks an attestation provider to judge. */
export interface AttestRequest {
  /** Decoded, otherwise as sent. */
  readonly evidence: Uint8Array;
  readonly runtimeData?: HeldData;
  readonly initTimeData?: HeldData;
  /** Plain policy text, in force for this call only. */
  readonly draftPolicy?: string;
  readonly nonce?: string;
}

const heldDataSchema = z.object({ data: z.string(), dataType: z.string() });
const optionsSchema = z.object({
  draftPolicyForAttestation: z.string().optional(),
  // The sidecar of secure key release sends a JSON number.
  nonce: z.union([z.string().max(MAX_NONCE_CHARACTERS), z.number().transform(String)]).optional(),
});

/**
 * The body of `POST /attest/{type}` in the form of 2020-10-01 and later. Member names are taken in any
 * letter case, base64 in either alphabet, padded or not; unknown members are ignored.
 *
 * @throws AttestationWireError ATTEST_BODY_INVALID or ATTEST_MEMBER_*
 */
export function decodeAttestRequest(
  type: AttestationType,
  version: ApiVersion,
  body: unknown,
): AttestRequest {
  const evidenceName = EVIDENCE_MEMBER[type];
  const names = [
    evidenceName,
    'runtimeData',
    'initTimeData',
    'draftPolicyForAttestation',
    'nonce',
  ] as const;
  const members = knownMembers(body, names, 'body');
  const evidence = decodeEvidence(members[evidenceName], evidenceName);
  const runtimeData = decodeHeldData(members.runtimeData, 'runtimeData');
  const initTimeData = decodeHeldData(members.initTimeData, 'initTimeData');
  const { draftPolicyForAttestation: draftPolicy, nonce } = decodeOptions(members, version);
  return {
    evidence,
    ...(runtimeData && { runtimeData }),
    ...(initTimeData && { initTimeData }),
    ...(draftPolicy !== undefined && { draftPolicy }),
    ...(nonce !== undefined && { nonce }),
  };
}

function decodeEvidence(value: unknown, field: string): Uint8Array {
  if (value === undefined) throw missing(field);
  if (typeof value !== 'string') throw invalid(field);
  const bytes = decodeBase64(value, field);
  if (bytes.length === 0) throw missing(field);
  return bytes;
}

function decodeHeldData(value: unknown, field: string): HeldData | undefined {
  if (value === undefined) return undefined;
  const members = knownMembers(value, ['data', 'dataType'], field);
  // A published client always sends the member and leaves both texts empty when it has nothing.
  if (members.data === '' && members.dataType === '') return undefined;
  if (members.data === undefined) throw missing(`${field}.data`);
  if (members.dataType === undefined) throw missing(`${field}.dataType`);
  const { data, dataType } = parse(heldDataSchema, members, field);
  const type = heldDataType(dataType);
  if (type === undefined) throw invalid(`${field}.dataType`);
  return { bytes: decodeBase64(data, `${field}.data`), dataType: type };
}

function decodeOptions(members: Readonly<Record<string, unknown>>, version: ApiVersion) {
  const { nonce, ...others } = members;
  return parse(optionsSchema, supportsNonce(version) ? { ...others, nonce } : others);
}

function parse<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  prefix?: string,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const path = result.error.issues[0]?.path ?? [];
  throw invalid([...(prefix === undefined ? [] : [prefix]), ...path.map(String)].join('.'));
}

function decodeBase64(text: string, field: string): Uint8Array {
  try {
    return fromBase64Lenient(text, field);
  } catch (cause) {
    throw invalid(field, cause);
  }
}

function missing(field: string): AttestationWireError {
  return new AttestationWireError('ATTEST_MEMBER_MISSING', `the member ${field} is missing`, {
    field,
  });
}

function invalid(field: string, cause?: unknown): AttestationWireError {
  return new AttestationWireError('ATTEST_MEMBER_INVALID', `the member ${field} is not valid`, {
    field,
    cause,
  });
}
