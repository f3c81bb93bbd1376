import { concat, fromHex, fromUtf8, toHex, toUtf8 } from '@touchstone/bytes';
import { defineEnclave, generateRsaKeyPair } from '@touchstone/enclave-sdk';
import type { EvidenceOptions } from '@touchstone/enclave-sdk';
import { verifyEvidence } from '@touchstone/enclave-verifier';
import { TARGET_INFO_SIZE } from '@touchstone/quote';

const keyPair = generateRsaKeyPair(2048);
const json = (value: object): Uint8Array => fromUtf8(JSON.stringify(value));
const none = new Uint8Array();

/** An enclave that does with its peers whatever the SDK can. */
export const ecalls = defineEnclave({
  whoami: async (_payload, enclave) => json({ mrEnclave: toHex(enclave.identity().mrEnclave) }),
  targetInfo: async (_payload, enclave) => enclave.ownTargetInfo(),
  report: async (payload, enclave) =>
    enclave.getReport(payload.slice(0, TARGET_INFO_SIZE), payload.slice(TARGET_INFO_SIZE)),
  verify: async (report, enclave) => {
    const { mrEnclave, reportData } = enclave.verifyReport(report);
    return json({ mrEnclave: toHex(mrEnclave), reportData: toHex(reportData) });
  },
  seal: async (secret, enclave) => enclave.seal(secret, { policy: 'mrenclave' }),
  unseal: async (blob, enclave) => enclave.unseal(blob).data,
  publicKey: async () => (await keyPair).publicKeySpki,
  decrypt: async (cipherText) => (await keyPair).decryptOaep(cipherText),
  sign: async (message) => (await keyPair).sign(message),
  evidence: async (payload, enclave) => {
    const { reportData, ...options } = JSON.parse(toUtf8(payload)) as EvidenceOptions & {
      reportData: string;
    };
    return enclave.getEvidence(fromHex(reportData), options);
  },
  /** Evidence of a peer that runs the same code and believes the same root. */
  judge: async (evidence, enclave) => {
    const configuration = await enclave.ocall('configuration', none);
    enclave.verifyConfiguration(configuration);
    const { mrEnclave, configId } = enclave.identity();
    const { reportData, tcbStatus } = verifyEvidence(evidence, {
      anchor: { name: 'configured', publicKey: configuration },
      collateral: await enclave.ocall('collateral', none),
      at: new Date(toUtf8(await enclave.ocall('time', none))),
      expected: { mrEnclave, configId },
    });
    return concat(fromUtf8(`${tcbStatus} `), fromUtf8(toHex(reportData)));
  },
});
