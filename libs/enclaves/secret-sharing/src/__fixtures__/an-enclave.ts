import { createHmac, randomBytes } from 'node:crypto';
import { concat, equal } from '@touchstone/bytes';
import { configIdOf, EnclaveSdkError, generateRsaKeyPair } from '@touchstone/enclave-sdk';
import type { Enclave, VerifiedReport } from '@touchstone/enclave-sdk';
import { attributes, encodeReportBody, parseReportBody, REPORT_BODY_SIZE } from '@touchstone/quote';

export interface EnclaveChanges {
  /** Which processor it is on. */
  readonly processor?: string;
  readonly mrEnclave?: number;
  readonly isvSvn?: number;
  readonly debug?: boolean;
}

const DEBUG = 2n;
const INIT = 1n;
const REPORT_BYTES = 432;
const MAC_BYTES = 16;

/**
 * The SDK as an enclave has it, for local attestation: a target is named by its MRENCLAVE, and the MAC of a report is an HMAC
 * under processor and target, so that it holds where a real one would. There is no host, and no Quoting Enclave.
 */
export function anEnclave(configuration: Uint8Array, changes: EnclaveChanges = {}): Enclave {
  const { processor = 'one', mrEnclave = 1, isvSvn = 2, debug = false } = changes;
  const identity: VerifiedReport = {
    cpuSvn: new Uint8Array(16),
    miscSelect: 0,
    isvExtProdId: new Uint8Array(16),
    attributes: attributes(INIT | (debug ? DEBUG : 0n), 3n),
    mrEnclave: new Uint8Array(32).fill(mrEnclave),
    mrSigner: new Uint8Array(32).fill(9),
    configId: configIdOf(configuration),
    isvProdId: 3,
    isvSvn,
    configSvn: 0,
    isvFamilyId: new Uint8Array(16),
    reportData: new Uint8Array(64),
    debug,
  };
  const mac = (target: Uint8Array, body: Uint8Array): Uint8Array =>
    createHmac('sha256', processor).update(target).update(body).digest().subarray(0, MAC_BYTES);
  const none = (): never => {
    throw new Error('there is no host');
  };
  return {
    identity: () => identity,
    ownTargetInfo: () => concat(identity.mrEnclave, new Uint8Array(480)),
    getReport: (targetInfo, reportData) => {
      const body = encodeReportBody({ ...identity, reportData });
      return concat(body, randomBytes(32), mac(targetInfo.subarray(0, 32), body));
    },
    verifyReport: (report) => {
      const body = report.subarray(0, REPORT_BODY_SIZE);
      if (!equal(mac(identity.mrEnclave, body), report.subarray(REPORT_BYTES - MAC_BYTES))) {
        throw new EnclaveSdkError('REPORT_MAC_MISMATCH', 'not for this enclave');
      }
      const parsed = parseReportBody(body);
      return { ...parsed, debug: (parsed.attributes.flags & DEBUG) !== 0n };
    },
    verifyConfiguration: (bytes) => {
      if (equal(configIdOf(bytes), identity.configId)) return;
      throw new EnclaveSdkError('CONFIGURATION_MISMATCH', 'another configuration');
    },
    generateRsaKeyPair,
    getEvidence: none,
    seal: none,
    unseal: none,
    ocall: none,
    yield: async () => undefined,
  };
}
