import { aesCmac } from '@touchstone/cmac';
import {
  REPORT_DATA_SIZE,
  attributes,
  encodeReport,
  encodeReportBody,
  parseTargetInfo,
  type SgxReportBody,
} from '@touchstone/quote';
import { PlatformError, asPlatformError } from './platform-error';
import { reportKey, type ProcessorCore } from './processor-core';
import type { EnclaveIdentity } from './secs';

/**
 * EREPORT: 432 bytes that only the enclave named by TARGETINFO (512 bytes) can check, with the caller's identity and its 64
 * bytes of REPORTDATA. @throws PlatformError SGX_GP for a wrong length or reserved bytes that are not zero
 */
export function ereport(
  core: ProcessorCore,
  caller: EnclaveIdentity,
  targetInfo: Uint8Array,
  reportData: Uint8Array,
): Uint8Array {
  const target = asPlatformError('SGX_GP', () => parseTargetInfo(targetInfo));
  if (reportData.length !== REPORT_DATA_SIZE) {
    throw new PlatformError('SGX_GP', 'REPORTDATA is 64 bytes', { field: 'REPORTDATA' });
  }
  const body: SgxReportBody = {
    ...caller,
    attributes: attributes(caller.attributes.flags, caller.attributes.xfrm),
    cpuSvn: core.cpuSvn,
    reportData,
  };
  const mac = aesCmac(reportKey(core, target, core.reportKeyId), encodeReportBody(body));
  return encodeReport({ body, keyId: core.reportKeyId, mac });
}
