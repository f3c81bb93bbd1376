import { verifyConfiguration } from './configuration';
import { type EvidenceOptions, getEvidence } from './evidence';
import { type VerifiedReport, getReport, identity, ownTargetInfo, verifyReport } from './report';
import { type RsaKeyPair, generateRsaKeyPair } from './rsa-key-pair';
import type { EnclaveRuntime } from './runtime';
import { type SealOptions, type UnsealedData, seal, unseal } from './seal';

/** What code inside has, during an ECALL. Failures are `EnclaveSdkError`s. */
export interface Enclave {
  /** TARGETINFO (512 bytes) of this enclave, for others to report to it. */
  ownTargetInfo(): Uint8Array;
  /** EREPORT: a REPORT (432 bytes) for the named target; `reportData` of up to 64 bytes, zeros after it. */
  getReport(targetInfo: Uint8Array, reportData: Uint8Array): Uint8Array;
  /** What a report (432 bytes) says, if this processor made it for this enclave. REPORT_MALFORMED, REPORT_MAC_MISMATCH. */
  verifyReport(report: Uint8Array): VerifiedReport;
  /** Who this enclave is. */
  identity(): VerifiedReport;
  /**
   * Refuses a configuration that the host hands in, unless its SHA-512 is the CONFIGID in this enclave's reports and quotes:
   * whoever checks one knows what this enclave was told to believe. CONFIGURATION_MISMATCH.
   */
  verifyConfiguration(configuration: Uint8Array): void;
  /** Evidence over `reportData` (up to 64 bytes), quoted by the host's Quoting Enclave. */
  getEvidence(reportData: Uint8Array, options?: EvidenceOptions): Promise<Uint8Array>;
  /** To be kept by the host and opened later: Intel's sealed-data layout, AES-128-GCM under a Seal key. */
  seal(data: Uint8Array, options: SealOptions): Uint8Array;
  /** SEALED_BLOB_MALFORMED, SEALED_BLOB_TAG_MISMATCH, SEALED_BLOB_SVN_BEYOND. */
  unseal(blob: Uint8Array): UnsealedData;
  generateRsaKeyPair(bits: 2048 | 3072): Promise<RsaKeyPair>;
  /** Asks the host. The answer is not to be trusted. */
  ocall(name: string, payload: Uint8Array): Promise<Uint8Array>;
  /** Lets other ECALLs of this enclave run; a long computation calls it now and then. */
  yield(): Promise<void>;
}

export const createEnclave = (runtime: EnclaveRuntime): Enclave =>
  Object.freeze({
    ownTargetInfo: () => ownTargetInfo(runtime),
    getReport: (targetInfo, reportData) => getReport(runtime, targetInfo, reportData),
    verifyReport: (report) => verifyReport(runtime, report),
    identity: () => identity(runtime),
    verifyConfiguration: (configuration) => verifyConfiguration(runtime, configuration),
    getEvidence: (reportData, options) => getEvidence(runtime, reportData, options),
    seal: (data, options) => seal(runtime, data, options),
    unseal: (blob) => unseal(runtime, blob),
    generateRsaKeyPair,
    ocall: (name, payload) => runtime.ocall(name, payload),
    yield: () => runtime.yield(),
  } satisfies Enclave);
