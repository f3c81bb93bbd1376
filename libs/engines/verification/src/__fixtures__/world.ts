import { concat, sha1, sha256, toHex } from '@touchstone/bytes';
import type {
  Collateral,
  EnclaveIdentityContent,
  PckExtension,
  PckTcb,
  TcbInfoDraft,
} from '@touchstone/collateral';
import {
  SGX_EXTENSION_OID,
  encodeEnclaveIdentity,
  encodePckExtension,
  encodeTcbInfo,
  signedDocument,
} from '@touchstone/collateral';
import type { CertificateRequest, CrlRequest, EcSigner, NamePart } from '@touchstone/pki';
import { ecSignerFromScalar, issueCertificate, issueCrl, toPem } from '@touchstone/pki';
import type { Quote, SgxReportBody, TdReportBody } from '@touchstone/quote';
import {
  INTEL_QE_VENDOR_ID,
  attributes,
  encodeCertificationData,
  encodeQuote,
  encodeReportBody,
  encodeSignedRegion,
  parseQuote,
} from '@touchstone/quote';
import type { TrustAnchor } from '../trust-anchor';

/** The instant at which everything of an unchanged world is good. */
export const AT = new Date('2026-03-10T12:00:00Z');
const ISSUED = new Date('2026-03-01T00:00:00Z');
export const NEXT_UPDATE = new Date('2026-03-31T00:00:00Z');
const NOT_BEFORE = new Date('2024-01-01T00:00:00Z');
const NOT_AFTER = new Date('2044-01-01T00:00:00Z');

export type CertificateRole = 'root' | 'intermediate' | 'leaf' | 'signer';
/** What carries a signature, by who makes it in an unchanged world. */
export type Signature =
  CertificateRole | 'rootCrl' | 'pckCrl' | 'tcbInfo' | 'identity' | 'qeReport' | 'quote';

const SIGNED_BY: Readonly<Record<Signature, string>> = {
  root: 'root',
  intermediate: 'root',
  leaf: 'intermediate',
  signer: 'root',
  rootCrl: 'root',
  pckCrl: 'intermediate',
  tcbInfo: 'signer',
  identity: 'signer',
  qeReport: 'leaf',
  quote: 'attestation',
};

const COMMON_NAMES: Readonly<Record<CertificateRole, string>> = {
  root: 'Intel SGX Root CA',
  intermediate: 'Intel SGX PCK Platform CA',
  leaf: 'Intel SGX PCK Certificate',
  signer: 'Intel SGX TCB Signing',
};

/** Each property replaces one thing before it is signed; everything else stays good. */
export interface WorldOptions {
  readonly certificates?: Partial<Record<CertificateRole, Partial<CertificateRequest>>>;
  readonly names?: Partial<Record<CertificateRole, string>>;
  /** Name of the key that makes a signature instead of the right one. */
  readonly signedBy?: Partial<Record<Signature, string>>;
  readonly chain?: (certificates: readonly string[]) => string;
  readonly pckTcb?: Partial<PckTcb>;
  readonly pck?: Partial<PckExtension>;
  readonly sgxExtension?: Uint8Array;
  readonly tcbInfo?: Partial<TcbInfoDraft>;
  /** TCB info names no TDX module, though the quote is one of a TD. */
  readonly moduleFree?: boolean;
  readonly identity?: Partial<EnclaveIdentityContent>;
  readonly rootCrl?: Partial<CrlRequest>;
  readonly pckCrl?: Partial<CrlRequest>;
  readonly qeReport?: Partial<SgxReportBody>;
  readonly reportData?: Uint8Array;
  /** A TD report makes it a TDX world, of quote version 5 when it is a TD report 1.5, else of version 4. */
  readonly td?: Partial<TdReportBody>;
  readonly attestationKey?: Uint8Array;
  /** Prefix of the names of all keys: another world altogether. */
  readonly realm?: string;
}

export interface World {
  readonly quote: Quote;
  readonly collateral: Collateral;
  readonly anchor: TrustAnchor;
  readonly pem: Readonly<Record<CertificateRole, string>>;
}

export const zeros = (length: number): Uint8Array => new Uint8Array(length);
export const filled = (length: number, value: number): Uint8Array =>
  new Uint8Array(length).fill(value);

export function aWorld(options: WorldOptions = {}): World {
  const keys = keyRing(options);
  const pem = issueCertificates(options, keys);
  const chain = (options.chain ?? ((parts) => parts.join('')))([
    pem.leaf,
    pem.intermediate,
    pem.root,
  ]);
  const issuerChain = pem.signer + pem.root;
  return {
    quote: makeQuote(options, keys, chain),
    anchor: { name: 'test', publicKey: keys.of('root').publicKeyBytes },
    pem,
    collateral: {
      tcbInfo: makeTcbInfo(options, keys),
      tcbInfoIssuerChain: issuerChain,
      qeIdentity: makeIdentity(options, keys),
      qeIdentityIssuerChain: issuerChain,
      ...makeCrls(options, keys),
      pckCrlIssuerChain: pem.intermediate + pem.root,
    },
  };
}

interface KeyRing {
  of(name: string): EcSigner;
  signing(what: Signature): EcSigner;
}

function keyRing({ realm = '', signedBy = {} }: WorldOptions): KeyRing {
  const of = (name: string): EcSigner => signerOf(`${realm}/${name}`);
  return { of, signing: (what) => of(signedBy[what] ?? SIGNED_BY[what]) };
}

const signers = new Map<string, EcSigner>();

/** Worlds differ in one thing, and the same key gives the same bytes the same signature: each is made once. */
function signerOf(name: string): EcSigner {
  const known = signers.get(name);
  if (known !== undefined) return known;
  const signer = ecSignerFromScalar(sha256(Buffer.from(name)));
  const once = (sign: (data: Uint8Array) => Uint8Array): ((data: Uint8Array) => Uint8Array) => {
    const made = new Map<string, Uint8Array>();
    return (data) => {
      const key = toHex(data);
      const signature = made.get(key) ?? sign(data);
      made.set(key, signature);
      return signature;
    };
  };
  const remembering: EcSigner = {
    publicKeyBytes: signer.publicKeyBytes,
    sign: once((data) => signer.sign(data)),
    signRaw: once((data) => signer.signRaw(data)),
    toPkcs8: () => signer.toPkcs8(),
  };
  signers.set(name, remembering);
  return remembering;
}

const nameOf = (commonName: string): NamePart[] => [
  { type: 'CN', value: commonName },
  { type: 'O', value: 'Intel Corporation' },
  { type: 'C', value: 'US' },
];

const issuerOf: Readonly<Record<CertificateRole, CertificateRole>> = {
  root: 'root',
  intermediate: 'root',
  leaf: 'intermediate',
  signer: 'root',
};

function issueCertificates(options: WorldOptions, keys: KeyRing): Record<CertificateRole, string> {
  const issue = (role: CertificateRole): string => {
    const isCa = role === 'root' || role === 'intermediate';
    const request: CertificateRequest = {
      subject: nameOf(options.names?.[role] ?? COMMON_NAMES[role]),
      issuer: nameOf(options.names?.[issuerOf[role]] ?? COMMON_NAMES[issuerOf[role]]),
      serial: serialOf(role),
      notBefore: NOT_BEFORE,
      notAfter: NOT_AFTER,
      publicKeyBytes: keys.of(role).publicKeyBytes,
      isCa,
      keyUsage: isCa ? ['keyCertSign', 'cRLSign'] : ['digitalSignature', 'nonRepudiation'],
      subjectKeyId: sha1(keys.of(role).publicKeyBytes),
      authorityKeyId: sha1(keys.of(issuerOf[role]).publicKeyBytes),
      crlDistributionPoint: 'https://crl.example/root.der',
      ...(role === 'leaf' ? { extra: [sgxExtension(options)] } : {}),
      ...options.certificates?.[role],
    };
    return toPem(issueCertificate(request, keys.signing(role)));
  };
  return {
    root: issue('root'),
    intermediate: issue('intermediate'),
    leaf: issue('leaf'),
    signer: issue('signer'),
  };
}

export const serialOf = (role: CertificateRole): Uint8Array =>
  sha1(Buffer.from(`serial of ${role}`));

export const PLATFORM: PckTcb = {
  components: [5, 5, 3, 3, 255, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  pceSvn: 13,
  cpuSvn: Uint8Array.of(5, 5, 3, 3, 255, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
};

function sgxExtension({ pckTcb, pck, sgxExtension }: WorldOptions) {
  const value = encodePckExtension({
    ppid: filled(16, 0xaa),
    tcb: { ...PLATFORM, ...pckTcb },
    pceId: zeros(2),
    fmspc: Uint8Array.of(0x00, 0x60, 0x6a, 0, 0, 0),
    sgxType: 'Scalable',
    platformInstanceId: filled(16, 0xbb),
    configuration: { dynamicPlatform: true, cachedKeys: false, smtEnabled: true },
    ...pck,
  });
  return { oid: SGX_EXTENSION_OID, critical: false, value: sgxExtension ?? value };
}

function makeTcbInfo({ tcbInfo, td, moduleFree }: WorldOptions, keys: KeyRing): Uint8Array {
  const inner = encodeTcbInfo({
    id: td ? 'TDX' : 'SGX',
    version: 3,
    issueDate: ISSUED,
    nextUpdate: NEXT_UPDATE,
    fmspc: '00606a000000',
    pceId: '0000',
    tcbType: 0,
    tcbEvaluationDataNumber: 17,
    tcbLevels: [
      {
        sgxComponents: PLATFORM.components,
        ...(td ? { tdxComponents: Array.from(zeros(16)) } : {}),
        pceSvn: 13,
        tcbDate: new Date('2025-11-12T00:00:00Z'),
        tcbStatus: 'UpToDate',
        advisoryIds: [],
      },
    ],
    ...(td && !moduleFree
      ? {
          tdxModule: { mrSigner: zeros(48), attributes: zeros(8), attributesMask: filled(8, 0xff) },
        }
      : {}),
    ...tcbInfo,
  });
  return signedDocument('tcbInfo', inner, keys.signing('tcbInfo').signRaw(inner));
}

function makeIdentity({ identity, td }: WorldOptions, keys: KeyRing): Uint8Array {
  const inner = encodeEnclaveIdentity({
    id: td ? 'TD_QE' : 'QE',
    version: 2,
    issueDate: ISSUED,
    nextUpdate: NEXT_UPDATE,
    tcbEvaluationDataNumber: 17,
    miscselect: zeros(4),
    miscselectMask: filled(4, 0xff),
    attributes: Uint8Array.of(0x11, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
    attributesMask: concat(Uint8Array.of(0xfb), filled(7, 0xff), zeros(8)),
    mrsigner: filled(32, 0x8c),
    isvProdId: 1,
    tcbLevels: [
      {
        isvSvn: 8,
        tcbDate: new Date('2025-11-12T00:00:00Z'),
        tcbStatus: 'UpToDate',
        advisoryIds: [],
      },
    ],
    ...identity,
  });
  return signedDocument('enclaveIdentity', inner, keys.signing('identity').signRaw(inner));
}

function makeCrls(options: WorldOptions, keys: KeyRing): Pick<Collateral, 'rootCaCrl' | 'pckCrl'> {
  const crl = (issuer: 'root' | 'intermediate', signature: 'rootCrl' | 'pckCrl'): Uint8Array =>
    issueCrl(
      {
        issuer: nameOf(options.names?.[issuer] ?? COMMON_NAMES[issuer]),
        thisUpdate: ISSUED,
        nextUpdate: NEXT_UPDATE,
        number: 1n,
        authorityKeyId: sha1(keys.of(issuer).publicKeyBytes),
        revoked: [],
        ...options[signature],
      },
      keys.signing(signature),
    );
  return { rootCaCrl: crl('root', 'rootCrl'), pckCrl: crl('intermediate', 'pckCrl') };
}

const sgxBody: SgxReportBody = {
  cpuSvn: PLATFORM.cpuSvn,
  miscSelect: 0,
  isvExtProdId: zeros(16),
  attributes: attributes(0x5n, 0x7n),
  mrEnclave: filled(32, 1),
  mrSigner: filled(32, 2),
  configId: zeros(64),
  isvProdId: 7,
  isvSvn: 3,
  configSvn: 0,
  isvFamilyId: zeros(16),
  reportData: zeros(64),
};

export const tdBody: TdReportBody = {
  teeTcbSvn: zeros(16),
  mrSeam: filled(48, 3),
  mrSignerSeam: zeros(48),
  seamAttributes: zeros(8),
  tdAttributes: zeros(8),
  xfam: zeros(8),
  mrTd: filled(48, 4),
  mrConfigId: zeros(48),
  mrOwner: zeros(48),
  mrOwnerConfig: zeros(48),
  rtmr: [zeros(48), zeros(48), zeros(48), zeros(48)],
  reportData: zeros(64),
};

function makeQuote(options: WorldOptions, keys: KeyRing, chain: string): Quote {
  const attestationKey =
    options.attestationKey ?? keys.of('attestation').publicKeyBytes.subarray(1);
  const authData = filled(32, 9);
  const qeReport: SgxReportBody = {
    ...sgxBody,
    attributes: attributes(0x15n, 0xe7n),
    mrSigner: filled(32, 0x8c),
    isvProdId: 1,
    isvSvn: 8,
    reportData: concat(sha256(attestationKey, authData), zeros(32)),
    ...options.qeReport,
  };
  const reportData = options.reportData ?? zeros(64);
  const header = {
    attKeyType: 2,
    qeSvn: 8,
    pceSvn: 13,
    qeVendorId: INTEL_QE_VENDOR_ID,
    userData: zeros(20),
  };
  const content = options.td
    ? ({
        teeType: 'tdx',
        version: options.td.extension ? 5 : 4,
        header,
        body: { ...tdBody, ...options.td },
      } as const)
    : ({ teeType: 'sgx', version: 3, header, body: { ...sgxBody, reportData } } as const);
  const bytes = encodeQuote({
    ...content,
    signature: keys.signing('quote').signRaw(encodeSignedRegion(content)),
    attestationKey,
    qeReport,
    qeReportSignature: keys.signing('qeReport').signRaw(encodeReportBody(qeReport)),
    authData,
    certificationData: encodeCertificationData({ type: 5, pem: chain }),
  });
  return parseQuote(bytes);
}
