import {
  encodeEnclaveIdentity,
  encodePckExtension,
  encodeTcbInfo,
  SGX_EXTENSION_OID,
  signedDocument,
  type EnclaveIdentityId,
} from '@touchstone/collateral';
import { ecSignerFromScalar, issueCertificate, issueCrl, toPem } from '@touchstone/pki';

const key = ecSignerFromScalar(new Uint8Array(32).fill(7));
const from = new Date('2026-11-01T00:00:00Z');
const to = new Date('2026-12-01T00:00:00Z');

const certificate = (
  name: string,
  extra: { oid: string; critical: boolean; value: Uint8Array }[],
) =>
  toPem(
    issueCertificate(
      {
        subject: [{ type: 'CN', value: name }],
        issuer: [{ type: 'CN', value: 'Issuer' }],
        serial: Uint8Array.of(1),
        notBefore: from,
        notAfter: to,
        publicKeyBytes: key.publicKeyBytes,
        isCa: false,
        keyUsage: ['digitalSignature'],
        extra,
      },
      key,
    ),
  );

export const CHAIN = certificate('Issuer', []) + certificate('Root', []);
export const ENCODED_CHAIN = encodeURIComponent(CHAIN);

export const FMSPC = 'E3A067110000';
export const TCBM = `${'0B0B0202FF0100'.padEnd(32, '0')}0F00`;

const cpuSvn = Uint8Array.from([11, 11, 2, 2, 255, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);

export const PCK_PEM = certificate('Intel SGX PCK Certificate', [
  {
    oid: SGX_EXTENSION_OID,
    critical: false,
    value: encodePckExtension({
      ppid: new Uint8Array(16),
      tcb: { components: [...cpuSvn], pceSvn: 15, cpuSvn },
      pceId: new Uint8Array(2),
      fmspc: Uint8Array.from(Buffer.from(FMSPC, 'hex')),
      sgxType: 'Standard',
    }),
  },
]);

export const CRL = issueCrl(
  {
    issuer: [{ type: 'CN', value: 'Issuer' }],
    thisUpdate: from,
    nextUpdate: to,
    number: 1n,
    authorityKeyId: new Uint8Array(20),
    revoked: [],
  },
  key,
);

export const tcbInfo = (fmspc = FMSPC): Uint8Array => {
  const inner = encodeTcbInfo({
    id: 'SGX',
    version: 3,
    issueDate: from,
    nextUpdate: to,
    fmspc,
    pceId: '0000',
    tcbType: 0,
    tcbEvaluationDataNumber: 20,
    tcbLevels: [
      {
        sgxComponents: [...cpuSvn],
        pceSvn: 15,
        tcbDate: from,
        tcbStatus: 'UpToDate',
        advisoryIds: [],
      },
    ],
  });
  return signedDocument('tcbInfo', inner, key.signRaw(inner));
};

export const identity = (id: EnclaveIdentityId = 'QE'): Uint8Array => {
  const inner = encodeEnclaveIdentity({
    id,
    version: 2,
    issueDate: from,
    nextUpdate: to,
    tcbEvaluationDataNumber: 20,
    miscselect: new Uint8Array(4),
    miscselectMask: new Uint8Array(4),
    attributes: new Uint8Array(16),
    attributesMask: new Uint8Array(16),
    mrsigner: new Uint8Array(32),
    isvProdId: 1,
    tcbLevels: [{ isvSvn: 10, tcbDate: from, tcbStatus: 'UpToDate', advisoryIds: [] }],
  });
  return signedDocument('enclaveIdentity', inner, key.signRaw(inner));
};
