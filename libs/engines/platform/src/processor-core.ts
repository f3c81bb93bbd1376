import { KeyName } from '@touchstone/quote';
import type { EnclaveAttributes } from './attributes';
import { PlatformError } from './platform-error';
import {
  deriveKey,
  provisioningRoot,
  provisioningSealRoot,
  sealRoot,
  type Fuses,
} from './root-keys';

/** What the inside of one powered processor knows. Never leaves this room. */
export interface ProcessorCore {
  readonly roots: {
    readonly provisioning: Uint8Array;
    readonly seal: Uint8Array;
    readonly both: Uint8Array;
  };
  readonly cpuSvn: Uint8Array;
  readonly ownerEpoch: Uint8Array;
  /** CR_REPORT_KEYID: new with every power cycle. */
  readonly reportKeyId: Uint8Array;
}

export interface CoreRequest {
  readonly fuses: Fuses;
  readonly cpuSvn: Uint8Array;
  readonly ownerEpoch: Uint8Array;
  readonly reportKeyId: Uint8Array;
}

const SVN_BYTES = 16;

export function createCore({ fuses, cpuSvn, ownerEpoch, reportKeyId }: CoreRequest): ProcessorCore {
  for (const [field, value] of Object.entries({ cpuSvn, ownerEpoch })) {
    if (value.length === SVN_BYTES) continue;
    throw new PlatformError('SGX_INVALID_FUSES', `${field} is ${SVN_BYTES} bytes`, { field });
  }
  return {
    roots: {
      provisioning: provisioningRoot(fuses.rootProvisioningKey),
      seal: sealRoot(fuses.rootSealKey),
      both: provisioningSealRoot(fuses),
    },
    cpuSvn: cpuSvn.slice(),
    ownerEpoch: ownerEpoch.slice(),
    reportKeyId: reportKeyId.slice(),
  };
}

/** The enclave that a report is meant for, as its own SECS or a TARGETINFO names it. */
export interface ReportTarget {
  readonly mrEnclave: Uint8Array;
  readonly attributes: EnclaveAttributes;
  readonly miscSelect: number;
  readonly configId: Uint8Array;
  readonly configSvn: number;
}

/** The report key of `target`: EREPORT computes it for another enclave, EGETKEY for the enclave itself. */
export const reportKey = (
  core: ProcessorCore,
  target: ReportTarget,
  keyId: Uint8Array,
): Uint8Array =>
  deriveKey(core.roots.seal, {
    keyName: KeyName.REPORT,
    ownerEpoch: core.ownerEpoch,
    attributes: target.attributes,
    mrEnclave: target.mrEnclave,
    keyId,
    cpuSvn: core.cpuSvn,
    miscSelect: target.miscSelect,
    configId: target.configId,
    configSvn: target.configSvn,
  });
