import { concat, sha256 } from '@touchstone/bytes';
import type { OeCustomClaim } from '@touchstone/quote';
import {
  OeEvidenceFormat,
  encodeCustomClaims,
  encodeOeEvidence,
  encodeOeReport,
} from '@touchstone/quote';
import { EnclaveSdkError } from './enclave-sdk-error';
import { getReport } from './report';
import type { EnclaveRuntime } from './runtime';

export interface EvidenceOptions {
  /** A bare quote; a quote behind Open Enclave's report header; or Open Enclave's evidence. A bare quote unless given. */
  readonly format?: 'sgx-quote' | 'oe-report' | 'oe-evidence';
  /** What the quote carries of the platform: its PCK chain (5), or its PPID in clear (1), under RSA-2048 (2) or RSA-3072 (3). */
  readonly certificationType?: 1 | 2 | 3 | 5;
  /** `oe-evidence` alone: claims, or a buffer of the enclave's own form. Report data is its SHA-256. */
  readonly customClaims?: readonly OeCustomClaim[] | Uint8Array;
}

/** The host's Quoting Enclave, behind two OCALLs. */
const TARGET_OCALL = 'qe-target-info';
const QUOTE_OCALL = 'quote';
const PCK_CHAIN = 5;

/**
 * Evidence for whoever is on another machine. The OCALL `quote` carries the report (432 bytes), and behind it one byte, the
 * certification data type, where that is not 5.
 * @throws EnclaveSdkError REPORT_DATA_INVALID, EVIDENCE_OPTION_INVALID; whatever the host answers its OCALLs with
 */
export async function getEvidence(
  runtime: EnclaveRuntime,
  reportData: Uint8Array,
  options: EvidenceOptions = {},
): Promise<Uint8Array> {
  const { format = 'sgx-quote', certificationType = PCK_CHAIN, customClaims } = options;
  if (format === 'oe-evidence') {
    if (reportData.length > 0) {
      throw new EnclaveSdkError(
        'REPORT_DATA_INVALID',
        'the report data of this format is the digest of its custom claims',
        { field: 'reportData' },
      );
    }
    const claims = claimsBuffer(customClaims);
    const quote = await quoteOver(runtime, sha256(claims), certificationType);
    return encodeOeEvidence({ format: OeEvidenceFormat.SGX_ECDSA, data: concat(quote, claims) });
  }
  if (customClaims !== undefined) {
    throw new EnclaveSdkError('EVIDENCE_OPTION_INVALID', 'this format carries no custom claims', {
      field: 'customClaims',
    });
  }
  const quote = await quoteOver(runtime, reportData, certificationType);
  return format === 'oe-report' ? encodeOeReport(quote) : quote;
}

async function quoteOver(
  runtime: EnclaveRuntime,
  reportData: Uint8Array,
  certificationType: number,
): Promise<Uint8Array> {
  const targetInfo = await runtime.ocall(TARGET_OCALL, new Uint8Array());
  const report = getReport(runtime, targetInfo, reportData);
  const suffix =
    certificationType === PCK_CHAIN ? new Uint8Array() : Uint8Array.of(certificationType);
  return runtime.ocall(QUOTE_OCALL, concat(report, suffix));
}

function claimsBuffer(claims: EvidenceOptions['customClaims']): Uint8Array {
  if (claims === undefined) return new Uint8Array();
  return claims instanceof Uint8Array ? claims : encodeCustomClaims(claims);
}
