import { fromBase64Lenient } from '@touchstone/bytes';
import type { HeldData } from '@touchstone/claims';
import { ATTESTATION_TYPES, type AttestRequest, type AttestationType } from './attest-request';
import { knownMembers } from './members';
import { AttestationWireError } from './wire-error';

/** Attest operations of 2018-09-01-preview. The first path is that of today's dialect, too: the version tells. */
export const PREVIEW_ATTEST_PATHS: readonly (readonly [path: string, type: AttestationType])[] = [
  ['/attest/SgxEnclave', 'SgxEnclave'],
  ['/attest/Tee/SgxEnclave', 'SgxEnclave'],
  ['/attest/Tee/OpenEnclave', 'OpenEnclave'],
];

/** GET reads, PUT sets, POST resets the policy of `tee`. */
export const PREVIEW_POLICY_PATH = '/operations/policy/current';
/** POST: first of the two steps that set a policy. */
export const PREVIEW_PREPARE_PATH = '/operations/policy/updatepolicy';
/** GET reads, PUT adds, POST removes. */
export const PREVIEW_CERTIFICATES_PATH = '/operations/policy/certificates';

export const TEE_PARAMETER = 'tee';

/** Whether a request below a provider is of the preview's paths. */
export const isPreviewPath = (path: string): boolean =>
  /^\/(?:operations\/policy|attest\/tee)\//i.test(path);

/** @throws AttestationWireError ATTEST_MEMBER_MISSING or ATTEST_MEMBER_INVALID with the field `tee` */
export function parseTee(value: string | undefined): AttestationType {
  if (value === undefined || value === '') throw missing(TEE_PARAMETER);
  const known = ATTESTATION_TYPES.find((type) => type.toLowerCase() === value.toLowerCase());
  if (known) return known;
  throw invalid(TEE_PARAMETER);
}

/**
 * `{"Quote","EnclaveHeldData"}`, both base64url, names in any letter case; unknown members are ignored. The quote is an
 * Open Enclave report where the type says so. An empty `EnclaveHeldData` counts as absent.
 *
 * @throws AttestationWireError ATTEST_BODY_INVALID or ATTEST_MEMBER_*
 */
export function decodePreviewAttestRequest(
  body: unknown,
): Pick<AttestRequest, 'evidence' | 'runtimeData'> {
  const members = knownMembers(body, ['Quote', 'EnclaveHeldData'], 'body');
  const evidence = decodeBytes(members.Quote, 'Quote');
  if (!evidence || evidence.length === 0) throw missing('Quote');
  const held = decodeBytes(members.EnclaveHeldData, 'EnclaveHeldData');
  const runtimeData: HeldData | undefined =
    held && held.length > 0 ? { bytes: held, dataType: 'Binary' } : undefined;
  return { evidence, ...(runtimeData && { runtimeData }) };
}

function decodeBytes(value: unknown, field: string): Uint8Array | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'string') throw invalid(field);
  try {
    return fromBase64Lenient(value, field);
  } catch (cause) {
    throw invalid(field, cause);
  }
}

const missing = (field: string): AttestationWireError =>
  new AttestationWireError('ATTEST_MEMBER_MISSING', `${field} is missing`, { field });

const invalid = (field: string, cause?: unknown): AttestationWireError =>
  new AttestationWireError('ATTEST_MEMBER_INVALID', `${field} is not valid`, { field, cause });
