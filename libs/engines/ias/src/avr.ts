import { toUtf8 } from '@touchstone/bytes';
import type { JsonObject } from '@touchstone/claims';
import { parseJsonObject } from '@touchstone/claims';
import { hasCode } from '@touchstone/errors';
import { AvrMembers } from './avr-members';
import type { EpidQuoteBody } from './epid-quote-body';
import { parseEpidQuoteBody } from './epid-quote-body';
import { IasError } from './ias-error';
import type { PlatformInfo } from './platform-info';
import { parsePlatformInfo } from './platform-info';

/** Bytes of one report, at most; real ones have about 1,500. */
export const MAX_AVR_BYTES = 64 * 1024;

/** API versions whose reports have this form. */
export const AVR_VERSIONS = [3, 4, 5] as const;

export const QUOTE_STATUSES = [
  'OK',
  'SW_HARDENING_NEEDED',
  'CONFIGURATION_NEEDED',
  'CONFIGURATION_AND_SW_HARDENING_NEEDED',
  'GROUP_OUT_OF_DATE',
  'SIGNATURE_INVALID',
  'GROUP_REVOKED',
  'SIGNATURE_REVOKED',
  'KEY_REVOKED',
  'SIGRL_VERSION_MISMATCH',
] as const;

export type QuoteStatus = (typeof QUOTE_STATUSES)[number];

/** An attestation verification report as it arrived: well-formed, not trusted. */
export interface Avr {
  /** The exact body; the signature covers these bytes. */
  readonly bytes: Uint8Array;
  readonly id: string;
  /** UTC. The text has microseconds, this has milliseconds. */
  readonly timestamp: Date;
  readonly timestampText: string;
  readonly version: number;
  readonly status: QuoteStatus;
  readonly quoteBody: EpidQuoteBody;
  /** RFC 5280 reason of a revoked group. */
  readonly revocationReason?: number;
  readonly platformInfo?: PlatformInfo;
  readonly pseManifestStatus?: string;
  readonly nonce?: string;
  /** 128 bytes: B and K of the group signature; linkable quotes only. */
  readonly epidPseudonym?: Uint8Array;
  readonly advisoryUrl?: string;
  /** Empty before version 4, which put them into the signed body. */
  readonly advisoryIds: readonly string[];
}

/**
 * Reads an attestation verification report of Intel's attestation service, API versions 3 to 5. Members that are not
 * known are passed over: the signature covers them all the same.
 *
 * Source: Intel, Attestation Service for SGX (EPID), API documentation, "Attestation Verification Report".
 * @throws IasError AVR_MALFORMED, AVR_VERSION_UNSUPPORTED, AVR_TOO_LARGE
 */
export function parseAvr(body: Uint8Array): Avr {
  if (body.length > MAX_AVR_BYTES) {
    throw new IasError('AVR_TOO_LARGE', `the report has ${body.length} bytes`, { field: 'report' });
  }
  const members = new AvrMembers(parseObject(body));
  const version = members.integer('version');
  if (!AVR_VERSIONS.some((known) => known === version)) {
    throw new IasError('AVR_VERSION_UNSUPPORTED', `version ${version} is not known`, {
      field: 'version',
    });
  }
  const timestampText = members.string('timestamp');
  return {
    bytes: body.slice(),
    id: members.string('id'),
    timestamp: members.time('timestamp'),
    timestampText,
    version,
    status: members.oneOf('isvEnclaveQuoteStatus', QUOTE_STATUSES),
    quoteBody: parseEpidQuoteBody(members.base64('isvEnclaveQuoteBody')),
    ...optionalMembers(members),
    advisoryIds: members.strings('advisoryIDs'),
  };
}

function optionalMembers(members: AvrMembers) {
  const platformInfoBlob = members.optionalString('platformInfoBlob');
  const pseManifestStatus = members.optionalString('pseManifestStatus');
  const nonce = members.optionalString('nonce');
  const advisoryUrl = members.optionalString('advisoryURL');
  return {
    ...(members.has('revocationReason')
      ? { revocationReason: members.integer('revocationReason') }
      : {}),
    ...(platformInfoBlob === undefined
      ? {}
      : { platformInfo: parsePlatformInfo(platformInfoBlob) }),
    ...(pseManifestStatus === undefined ? {} : { pseManifestStatus }),
    ...(nonce === undefined ? {} : { nonce }),
    ...(members.has('epidPseudonym') ? { epidPseudonym: members.base64('epidPseudonym') } : {}),
    ...(advisoryUrl === undefined ? {} : { advisoryUrl }),
  };
}

function parseObject(body: Uint8Array): JsonObject {
  try {
    return parseJsonObject(toUtf8(body, 'report'), 'report');
  } catch (cause) {
    if (!hasCode(cause)) throw cause;
    throw new IasError('AVR_MALFORMED', 'the report is not one JSON object', {
      field: 'report',
      cause,
    });
  }
}

/** Whether the text is a JSON object with the members that only such a report has. */
export function looksLikeAvr(body: Uint8Array): boolean {
  if (body.length > MAX_AVR_BYTES) return false;
  try {
    const members = parseObject(body);
    return 'isvEnclaveQuoteStatus' in members && 'isvEnclaveQuoteBody' in members;
  } catch (error) {
    if (hasCode(error)) return false;
    throw error;
  }
}
