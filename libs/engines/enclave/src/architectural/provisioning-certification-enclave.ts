import { equal } from '@touchstone/bytes';
import { ecSignerFromScalar } from '@touchstone/pki';
import {
  ARCHITECTURAL_ATTRIBUTE_MASK,
  ARCHITECTURAL_MISC_MASK,
  PCE_ID,
  pckScalarFromKey,
  ppidFromKey,
  type EnclaveInstructions,
} from '@touchstone/platform';
import {
  AttributeFlag,
  KeyName,
  attributes,
  encodeKeyRequest,
  hasFlag,
  parseReport,
  type Report,
  isReportForMe,
} from '@touchstone/quote';
import { EnclaveError } from '../enclave-error';
import { OAEP_SEED_BYTES, encryptOaep } from './oaep';
import {
  CRYPTO_SUITE_RSA_3072,
  ppidKeyReportData,
  toPublicKey,
  type PpidEncryptionKey,
} from './ppid-key';
import { selfReport, selfTargetInfo } from './self';

/** A platform TCB: what a PCK key and its certificate are for. */
export interface PlatformSvn {
  /** 16 bytes. */
  readonly cpuSvn: Uint8Array;
  readonly pceSvn: number;
}

export interface PcInfo {
  /** 384 bytes: RSA-3072, OAEP with SHA-256. */
  readonly encryptedPpid: Uint8Array;
  readonly pceSvn: number;
  readonly pceId: number;
  /** 0: ECDSA on P-256 with SHA-256. */
  readonly signatureScheme: 0;
}

/** The entry points of the Provisioning Certification Enclave. */
export interface ProvisioningCertificationEnclave {
  /** TARGETINFO, 512 bytes. */
  targetInfo(): Uint8Array;
  /**
   * The PPID, encrypted to the key that the caller's report (432 bytes) vouches for.
   * @throws EnclaveError PCE_INVALID_REPORT, PCE_INVALID_PRIVILEGE, PCE_INVALID_PARAMETER
   */
  getPcInfo(request: {
    readonly report: Uint8Array;
    readonly publicKey: PpidEncryptionKey;
    readonly cryptoSuite: number;
  }): PcInfo;
  /**
   * Signature r||s (64 bytes) over the 384-byte body of the caller's report, by the PCK key of this platform at `svn`.
   * @throws EnclaveError PCE_INVALID_REPORT, PCE_INVALID_PRIVILEGE; PlatformError SGX_INVALID_CPUSVN, SGX_INVALID_ISVSVN
   */
  certifyEnclave(request: { readonly report: Uint8Array; readonly svn: PlatformSvn }): Uint8Array;
}

/** The PCE's code, entered once with the instructions of its own enclave. Keys live in here for one call at most. */
export function startProvisioningCertificationEnclave(
  instructions: EnclaveInstructions,
): ProvisioningCertificationEnclave {
  const { isvSvn } = selfReport(instructions);
  return Object.freeze({
    targetInfo: () => selfTargetInfo(instructions),
    getPcInfo: ({ report, publicKey, cryptoSuite }) => {
      if (cryptoSuite !== CRYPTO_SUITE_RSA_3072) {
        throw new EnclaveError('PCE_INVALID_PARAMETER', 'the crypto suite is RSA-3072', {
          field: 'cryptoSuite',
        });
      }
      const caller = privilegedReport(instructions, report);
      if (!equal(caller.body.reportData, ppidKeyReportData(publicKey))) {
        throw new EnclaveError('PCE_INVALID_REPORT', 'the caller vouches for another key', {
          field: 'reportData',
        });
      }
      const key = provisioningKey(instructions, { cpuSvn: new Uint8Array(16), pceSvn: 0 });
      const seed = instructions.random(OAEP_SEED_BYTES);
      const encryptedPpid = encryptOaep(toPublicKey(publicKey), ppidFromKey(key), seed);
      return { encryptedPpid, pceSvn: isvSvn, pceId: PCE_ID, signatureScheme: 0 };
    },
    certifyEnclave: ({ report, svn }) => {
      const caller = privilegedReport(instructions, report);
      const signer = ecSignerFromScalar(pckScalarFromKey(provisioningKey(instructions, svn)));
      return signer.signRaw(caller.bodyBytes);
    },
  } satisfies ProvisioningCertificationEnclave);
}

/** Only enclaves of this processor that launch control lets near provisioning keys are served. */
function privilegedReport(instructions: EnclaveInstructions, bytes: Uint8Array): Report {
  const report = parseReport(bytes);
  if (!isReportForMe(instructions, report)) {
    throw new EnclaveError('PCE_INVALID_REPORT', 'the report is not for this enclave', {
      field: 'mac',
    });
  }
  if (hasFlag(report.body.attributes, AttributeFlag.PROVISION_KEY)) return report;
  throw new EnclaveError('PCE_INVALID_PRIVILEGE', 'the caller may not provision', {
    field: 'attributes',
  });
}

function provisioningKey(instructions: EnclaveInstructions, svn: PlatformSvn): Uint8Array {
  const { flags, xfrm } = ARCHITECTURAL_ATTRIBUTE_MASK;
  return instructions.egetkey(
    encodeKeyRequest({
      keyName: KeyName.PROVISION,
      keyPolicy: 0,
      isvSvn: svn.pceSvn,
      cpuSvn: svn.cpuSvn,
      attributeMask: attributes(flags, xfrm),
      keyId: new Uint8Array(32),
      miscMask: ARCHITECTURAL_MISC_MASK,
      configSvn: 0,
    }),
  );
}
