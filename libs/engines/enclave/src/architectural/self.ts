import {
  TARGET_INFO_SIZE,
  encodeTargetInfo,
  parseReport,
  type SgxReportBody,
} from '@touchstone/quote';
import type { EnclaveInstructions } from '@touchstone/platform';

/** What an enclave learns of itself: the body of a report to nobody. */
export const selfReport = (instructions: EnclaveInstructions): SgxReportBody =>
  parseReport(instructions.ereport(new Uint8Array(TARGET_INFO_SIZE), new Uint8Array(64))).body;

/** TARGETINFO (512 bytes) for reports to the enclave that asks. */
export const selfTargetInfo = (instructions: EnclaveInstructions): Uint8Array =>
  encodeTargetInfo(selfReport(instructions));
