import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import {
  agreeCallKey,
  channelProofInput,
  channelPublicKey,
  decodeCall,
  encodeKeyBirth,
  keyReportData,
} from '@touchstone/attested-key';
import {
  attributes,
  encodeCertificationData,
  encodeQuote,
  INTEL_QE_VENDOR_ID,
} from '@touchstone/quote';
import { AttestationError } from '../attestation-error';
import type { SignerEnclaves } from '../signer-enclaves';

const bytes = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value);

const body = (reportData: Uint8Array) => ({
  cpuSvn: bytes(16, 1),
  miscSelect: 0,
  isvExtProdId: bytes(16, 0),
  attributes: attributes(0x5n, 0x3n),
  mrEnclave: bytes(32, 2),
  mrSigner: bytes(32, 3),
  configId: bytes(64, 0),
  isvProdId: 1,
  isvSvn: 1,
  configSvn: 0,
  isvFamilyId: bytes(16, 0),
  reportData,
});

/** An SGX quote that nobody signed. */
const quoteOver = (reportData: Uint8Array): Uint8Array =>
  encodeQuote({
    version: 3,
    teeType: 'sgx',
    header: {
      attKeyType: 2,
      qeSvn: 1,
      pceSvn: 1,
      qeVendorId: INTEL_QE_VENDOR_ID,
      userData: bytes(20, 4),
    },
    body: body(reportData),
    signature: bytes(64, 5),
    attestationKey: bytes(64, 6),
    qeReport: body(bytes(64, 7)),
    qeReportSignature: bytes(64, 8),
    authData: bytes(32, 9),
    certificationData: encodeCertificationData({ type: 5, pem: '-----BEGIN CERTIFICATE-----\n' }),
  });

interface Inside {
  readonly privateKey: KeyObject;
  readonly callKey: Uint8Array;
}

/** Enclaves that sign, without a machine: what they answer is what the real ones would. */
export function signerMachine() {
  const running = new Map<string, Inside>();
  const calls = { born: 0, signed: 0, ended: [] as string[] };
  let fault: { readonly signature?: Uint8Array; readonly birth?: Uint8Array } = {};
  let off = false;

  const assertOn = (): void => {
    if (off) throw new AttestationError('ATTESTATION_TEE_UNAVAILABLE', 'the machine is off');
  };
  const enclaves: SignerEnclaves = {
    async bear(controller) {
      assertOn();
      calls.born += 1;
      const enclaveId = `enclave-${calls.born}`;
      const secret = bytes(32, 0x80 + calls.born);
      const ends = { controller, enclave: channelPublicKey(secret) };
      const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      running.set(enclaveId, { privateKey, callKey: agreeCallKey(secret, ends) });
      const spki = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }));
      const birth = encodeKeyBirth({
        spki,
        quote: quoteOver(keyReportData(spki)),
        channelKey: ends.enclave,
        proof: new Uint8Array(sign('sha256', channelProofInput(ends), privateKey)),
      });
      return { enclaveId, birth: fault.birth ?? birth };
    },
    async sign(enclaveId, call) {
      assertOn();
      calls.signed += 1;
      const inside = running.get(enclaveId);
      if (!inside) throw new AttestationError('ATTESTATION_KEY_LOST', 'there is no such enclave');
      const data = decodeCall(inside.callKey, call);
      return fault.signature ?? new Uint8Array(sign('sha256', data, inside.privateKey));
    },
    async end(enclaveId) {
      calls.ended.push(enclaveId);
      running.delete(enclaveId);
    },
  };
  return {
    enclaves,
    calls,
    restart: () => running.clear(),
    turn: (state: 'on' | 'off') => {
      off = state === 'off';
    },
    answerWith: (next: typeof fault) => {
      fault = next;
    },
  };
}
