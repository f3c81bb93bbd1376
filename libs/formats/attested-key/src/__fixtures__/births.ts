import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import {
  attributes,
  encodeCertificationData,
  encodeQuote,
  INTEL_QE_VENDOR_ID,
} from '@touchstone/quote';
import { channelProofInput, channelPublicKey } from '../channel';
import type { KeyBirth } from '../birth';
import { keyReportData } from '../key-id';

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

/** An SGX quote that nobody signed, over `reportData` (64 bytes). */
export const quoteOver = (reportData: Uint8Array): Uint8Array =>
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

export interface Newborn {
  readonly spki: Uint8Array;
  readonly privateKey: KeyObject;
}

export function aNewborn(): Newborn {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { spki: new Uint8Array(publicKey.export({ format: 'der', type: 'spki' })), privateKey };
}

export const CONTROLLER_SECRET = bytes(32, 0x11);
export const ENCLAVE_SECRET = bytes(32, 0x22);
export const ENDS = {
  controller: channelPublicKey(CONTROLLER_SECRET),
  enclave: channelPublicKey(ENCLAVE_SECRET),
};

export const birthOf = ({ spki, privateKey }: Newborn): KeyBirth => ({
  spki,
  quote: quoteOver(keyReportData(spki)),
  channelKey: ENDS.enclave,
  proof: new Uint8Array(sign('sha256', channelProofInput(ENDS), privateKey)),
});
