import { concat, fromUtf8, sha1, sha256, toUtf8 } from '@touchstone/bytes';
import type { Collateral, EnclaveIdentityContent, TcbInfoContent } from '@touchstone/collateral';
import {
  SGX_EXTENSION_OID,
  encodeEnclaveIdentity,
  encodePckExtension,
  encodeTcbInfo,
  signedDocument,
} from '@touchstone/collateral';
import type { CertificateRequest, EcSigner, NamePart } from '@touchstone/pki';
import {
  ecSignerFromScalar,
  issueCertificate,
  issueCrl,
  parseCertificate,
  toPem,
} from '@touchstone/pki';
import type { CertificationData, QuoteParts, SgxReportBody } from '@touchstone/quote';
import {
  INTEL_QE_VENDOR_ID,
  attributes,
  encodeCertificationData,
  encodeQuote,
  encodeReportBody,
  encodeSignedRegion,
} from '@touchstone/quote';
import type { Anchors } from '../anchors';

/** The instant at which everything of the world is good. */
export const AT = new Date('2026-03-15T00:00:00Z');

const ISSUED = new Date('2026-03-01T00:00:00Z');
const NEXT = new Date('2026-03-31T00:00:00Z');
const FOUNDED = new Date('2020-01-01T00:00:00Z');
const ENDS = new Date('2040-01-01T00:00:00Z');

export const FMSPC = '00a067110000';
const COMPONENTS = [12, 12, 3, 3, 255, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
const CPU_SVN = Uint8Array.from(COMPONENTS);
const QE_MRSIGNER = filled(32, 0x8c);

export function filled(length: number, value: number): Uint8Array {
  return new Uint8Array(length).fill(value);
}

/** What a world is asked to be otherwise; all else stays sound. */
export interface WorldChanges {
  /** Worlds of different names share no key. */
  readonly name?: string;
  readonly tcbInfo?: Partial<TcbInfoContent>;
  readonly identity?: Partial<EnclaveIdentityContent>;
  readonly revokePck?: boolean;
  readonly ca?: 'Processor' | 'Platform';
}

export interface QuoteChanges {
  readonly body?: Partial<SgxReportBody>;
  readonly certificationData?: CertificationData;
  /** Changes a part after everything was signed. */
  readonly forge?: (parts: QuoteParts) => QuoteParts;
}

/** A whole chain of trust of our own: Intel's shapes, no key of Intel's. */
export interface World {
  readonly anchors: Anchors;
  readonly collateral: Collateral;
  readonly rootPem: string;
  readonly signerPem: string;
  readonly caPem: string;
  readonly pckPem: string;
  quote(changes?: QuoteChanges): Uint8Array;
}

const dn = (commonName: string): NamePart[] => [
  { type: 'CN', value: commonName },
  { type: 'O', value: 'Test Corporation' },
];

const keyId = (signer: EcSigner): Uint8Array => sha1(signer.publicKeyBytes);

export function aWorld(changes: WorldChanges = {}): World {
  const { name = 'tests', ca = 'Processor' } = changes;
  const key = (role: string): EcSigner => ecSignerFromScalar(sha256(fromUtf8(`${name}/${role}`)));
  const [root, intermediate, tcb, pck, attestation] = ['root', 'ca', 'tcb', 'pck', 'key'].map(
    key,
  ) as [EcSigner, EcSigner, EcSigner, EcSigner, EcSigner];
  const rootName = dn('Test SGX Root CA');
  const caName = dn(`Test SGX PCK ${ca} CA`);
  const issue = (
    subject: NamePart[],
    of: EcSigner,
    by: EcSigner,
    more: Partial<CertificateRequest>,
  ) =>
    issueCertificate(
      {
        subject,
        issuer: rootName,
        serial: keyId(of),
        notBefore: FOUNDED,
        notAfter: ENDS,
        publicKeyBytes: of.publicKeyBytes,
        isCa: false,
        keyUsage: ['digitalSignature', 'nonRepudiation'],
        subjectKeyId: keyId(of),
        authorityKeyId: keyId(by),
        crlDistributionPoint: 'https://crl.example.test/RootCA.der',
        ...more,
      },
      by,
    );
  const authority = { isCa: true, keyUsage: ['keyCertSign', 'cRLSign'] } as const;
  const rootPem = toPem(issue(rootName, root, root, { ...authority, pathLength: 1 }));
  const caPem = toPem(issue(caName, intermediate, root, { ...authority, pathLength: 0 }));
  const signerPem = toPem(issue(dn('Test SGX TCB Signing'), tcb, root, {}));
  const sgxExtension = encodePckExtension({
    ppid: filled(16, 0x11),
    tcb: { components: COMPONENTS, pceSvn: 13, cpuSvn: CPU_SVN },
    pceId: filled(2, 0),
    fmspc: Uint8Array.from([0, 0xa0, 0x67, 0x11, 0, 0]),
    sgxType: 'Standard',
  });
  const pckDer = issue(dn('Test SGX PCK Certificate'), pck, intermediate, {
    issuer: caName,
    extra: [{ oid: SGX_EXTENSION_OID, critical: false, value: sgxExtension }],
  });
  const crl = (issuer: NamePart[], by: EcSigner, revoked: readonly string[]) =>
    issueCrl(
      {
        issuer,
        thisUpdate: ISSUED,
        nextUpdate: NEXT,
        number: 1n,
        authorityKeyId: keyId(by),
        revoked: revoked.map((serial) => ({ serial, at: ISSUED })),
      },
      by,
    );
  const pckPem = toPem(pckDer);
  const serial = parseCertificate(pckDer).serialNumber;
  const signed = (member: 'tcbInfo' | 'enclaveIdentity', inner: Uint8Array): Uint8Array =>
    signedDocument(member, inner, tcb.signRaw(inner));
  return {
    anchors: { quote: [{ name, publicKey: root.publicKeyBytes }], report: [] },
    collateral: {
      tcbInfo: signed('tcbInfo', encodeTcbInfo({ ...TCB_INFO, ...changes.tcbInfo })),
      tcbInfoIssuerChain: signerPem + rootPem,
      qeIdentity: signed(
        'enclaveIdentity',
        encodeEnclaveIdentity({ ...IDENTITY, ...changes.identity }),
      ),
      qeIdentityIssuerChain: signerPem + rootPem,
      pckCrl: crl(caName, intermediate, changes.revokePck ? [serial] : []),
      pckCrlIssuerChain: caPem + rootPem,
      rootCaCrl: crl(rootName, root, []),
    },
    rootPem,
    signerPem,
    caPem,
    pckPem,
    quote: (quoteChanges = {}) =>
      quoteOf({ pck, attestation, chain: pckPem + caPem + rootPem }, quoteChanges),
  };
}

const TCB_INFO: TcbInfoContent = {
  id: 'SGX',
  version: 3,
  issueDate: ISSUED,
  nextUpdate: NEXT,
  fmspc: FMSPC,
  pceId: '0000',
  tcbType: 0,
  tcbEvaluationDataNumber: 17,
  tcbLevels: [
    {
      sgxComponents: COMPONENTS,
      pceSvn: 13,
      tcbDate: new Date('2024-03-13T00:00:00Z'),
      tcbStatus: 'SWHardeningNeeded',
      advisoryIds: ['INTEL-SA-00615'],
    },
  ],
};

const IDENTITY: EnclaveIdentityContent = {
  id: 'QE',
  version: 2,
  issueDate: ISSUED,
  nextUpdate: NEXT,
  tcbEvaluationDataNumber: 17,
  miscselect: filled(4, 0),
  miscselectMask: filled(4, 0xff),
  attributes: concat(Uint8Array.of(0x11), filled(15, 0)),
  attributesMask: concat(Uint8Array.of(0xfb), filled(7, 0xff), filled(8, 0)),
  mrsigner: QE_MRSIGNER,
  isvProdId: 1,
  tcbLevels: [
    {
      isvSvn: 8,
      tcbDate: new Date('2024-03-13T00:00:00Z'),
      tcbStatus: 'UpToDate',
      advisoryIds: [],
    },
  ],
};

const BODY: SgxReportBody = {
  cpuSvn: CPU_SVN,
  miscSelect: 0,
  isvExtProdId: filled(16, 0),
  attributes: attributes(0x5n),
  mrEnclave: filled(32, 0xaa),
  mrSigner: filled(32, 0xbb),
  configId: filled(64, 0),
  isvProdId: 7,
  isvSvn: 3,
  configSvn: 0,
  isvFamilyId: filled(16, 0),
  reportData: filled(64, 0),
};

function quoteOf(
  { pck, attestation, chain }: { pck: EcSigner; attestation: EcSigner; chain: string },
  { body, certificationData = { type: 5, pem: chain }, forge = (parts) => parts }: QuoteChanges,
): Uint8Array {
  const attestationKey = attestation.publicKeyBytes.slice(1);
  const authData = filled(32, 9);
  const qeReport: SgxReportBody = {
    ...BODY,
    attributes: attributes(0x15n),
    mrEnclave: filled(32, 0xee),
    mrSigner: QE_MRSIGNER,
    isvProdId: 1,
    isvSvn: 8,
    reportData: concat(sha256(concat(attestationKey, authData)), filled(32, 0)),
  };
  const content = {
    version: 3,
    teeType: 'sgx',
    header: {
      attKeyType: 2,
      qeSvn: 8,
      pceSvn: 13,
      qeVendorId: INTEL_QE_VENDOR_ID,
      userData: filled(20, 0x55),
    },
    body: { ...BODY, ...body },
  } as const;
  return encodeQuote(
    forge({
      ...content,
      signature: attestation.signRaw(encodeSignedRegion(content)),
      attestationKey,
      qeReport,
      qeReportSignature: pck.signRaw(encodeReportBody(qeReport)),
      authData,
      certificationData: encodeCertificationData(certificationData),
    }),
  );
}

/** The collateral in the names of Intel's structure, documents without their signature inside. */
export function intelStructure(collateral: Collateral): Record<string, string> {
  const [tcbInfo, identity] = [
    takenApart(collateral.tcbInfo, 'tcbInfo'),
    takenApart(collateral.qeIdentity, 'enclaveIdentity'),
  ];
  return {
    tcb_info: tcbInfo.inner,
    tcb_info_signature: tcbInfo.signature,
    tcb_info_issuer_chain: collateral.tcbInfoIssuerChain,
    qe_identity: identity.inner,
    qe_identity_signature: identity.signature,
    qe_identity_issuer_chain: collateral.qeIdentityIssuerChain,
    pck_crl: Buffer.from(collateral.pckCrl).toString('hex'),
    pck_crl_issuer_chain: collateral.pckCrlIssuerChain,
    root_ca_crl: Buffer.from(collateral.rootCaCrl).toString('hex'),
  };
}

function takenApart(body: Uint8Array, member: string): { inner: string; signature: string } {
  const text = toUtf8(body);
  const end = text.lastIndexOf(',"signature"');
  const { signature } = JSON.parse(text) as { signature: string };
  return { inner: text.slice(`{"${member}":`.length, end), signature };
}
