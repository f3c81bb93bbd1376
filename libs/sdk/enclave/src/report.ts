import { concat } from '@touchstone/bytes';
import type { Report, SgxReportBody } from '@touchstone/quote';
import {
  REPORT_DATA_SIZE,
  TARGET_INFO_SIZE,
  encodeTargetInfo,
  isDebug,
  isReportForMe,
  parseReport,
  parseTargetInfo,
} from '@touchstone/quote';
import { EnclaveSdkError } from './enclave-sdk-error';
import type { EnclaveRuntime } from './runtime';

/** An identity that this processor vouches for, and what that enclave said with it. */
export interface VerifiedReport extends SgxReportBody {
  readonly debug: boolean;
}

/** EREPORT: `reportData` of up to 64 bytes, zeros after it. @throws EnclaveSdkError REPORT_DATA_INVALID, TARGET_INFO_MALFORMED */
export function getReport(
  runtime: EnclaveRuntime,
  targetInfo: Uint8Array,
  reportData: Uint8Array,
): Uint8Array {
  if (reportData.length > REPORT_DATA_SIZE) {
    throw new EnclaveSdkError('REPORT_DATA_INVALID', 'report data has at most 64 bytes', {
      field: 'reportData',
    });
  }
  checkTargetInfo(targetInfo);
  const padding = new Uint8Array(REPORT_DATA_SIZE - reportData.length);
  return runtime.report(targetInfo, concat(reportData, padding));
}

/** @throws EnclaveSdkError REPORT_MALFORMED, REPORT_MAC_MISMATCH */
export function verifyReport(runtime: EnclaveRuntime, report: Uint8Array): VerifiedReport {
  const parsed = readReport(report);
  if (!isReportForMe({ egetkey: (keyRequest) => runtime.getKey(keyRequest) }, parsed)) {
    throw new EnclaveSdkError(
      'REPORT_MAC_MISMATCH',
      'the report was not made on this processor for this enclave',
      { field: 'mac' },
    );
  }
  return { ...parsed.body, debug: isDebug(parsed.body.attributes) };
}

/** Who this enclave is: the processor says it in any report, whomever that is for. */
export function identity(runtime: EnclaveRuntime): VerifiedReport {
  const nobody = new Uint8Array(TARGET_INFO_SIZE);
  const { body } = parseReport(runtime.report(nobody, new Uint8Array(REPORT_DATA_SIZE)));
  return { ...body, debug: isDebug(body.attributes) };
}

/** TARGETINFO (512 bytes) of this enclave. */
export const ownTargetInfo = (runtime: EnclaveRuntime): Uint8Array =>
  encodeTargetInfo(identity(runtime));

function readReport(report: Uint8Array): Report {
  try {
    return parseReport(report);
  } catch (cause) {
    throw new EnclaveSdkError('REPORT_MALFORMED', 'a report is 432 bytes', {
      field: 'report',
      cause,
    });
  }
}

function checkTargetInfo(targetInfo: Uint8Array): void {
  try {
    parseTargetInfo(targetInfo);
  } catch (cause) {
    throw new EnclaveSdkError('TARGET_INFO_MALFORMED', 'no target can be told from these bytes', {
      field: 'targetInfo',
      cause,
    });
  }
}
