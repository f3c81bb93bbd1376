import { concat, fromUtf8, sha256 } from '@touchstone/bytes';
import {
  type Collateral,
  encodeTcbInfo,
  parseTcbInfo,
  signedDocument,
} from '@touchstone/collateral';
import { type Certificate, parsePemChain } from '@touchstone/pki';
import {
  type Quote,
  type QuoteParts,
  type TdReportBody,
  encodeCertificationData,
  encodeQuote,
  parseQuote,
} from '@touchstone/quote';
import { type TestPlatform, aPlatform, evidenceOf, pckChainOf } from '@touchstone/testkit';

/** What the simulated machine of one seed gives: sound in every respect, the same in every run. */
export interface Simulated {
  readonly platform: TestPlatform;
  readonly quote: Quote;
  readonly collateral: Collateral;
  /** PEM: leaf, intermediate, root. */
  readonly pckChain: string;
  readonly certificates: readonly Certificate[];
  readonly pckCertificate: Certificate;
}

/** SHA-256 of it is in the report data of the quote. */
export const RUNTIME_DATA = fromUtf8('{"keys":[{"kty":"oct","k":"AAAA"}]}');

let made: Simulated | undefined;

export const simulated = (): Simulated => (made ??= make());

function make(): Simulated {
  const platform = aPlatform({ seed: 'fuzz', model: 'simulated-e5' });
  const { quote, collateral } = evidenceOf(platform, { reportData: sha256(RUNTIME_DATA) });
  const pckChain = pckChainOf(platform);
  const chains = [pckChain, collateral.tcbInfoIssuerChain, collateral.pckCrlIssuerChain];
  const certificates = chains.flatMap((pem) => parsePemChain(pem));
  const [pckCertificate] = certificates;
  if (pckCertificate === undefined) throw new Error('the simulated platform has no certificate');
  return {
    platform,
    quote: parseQuote(quote),
    collateral,
    pckChain,
    certificates,
    pckCertificate,
  };
}

/** The simulated quote in every form that a quote has: versions, bodies and kinds of certification data. */
export function quoteForms(): readonly Uint8Array[] {
  const { quote } = simulated();
  const forms: readonly Partial<QuoteParts>[] = [
    {},
    { version: 4 },
    { version: 5 },
    { version: 4, teeType: 'tdx', body: tdReport() },
    { version: 5, teeType: 'tdx', body: tdReport() },
    { version: 5, teeType: 'tdx', body: tdReport(true) },
    { certificationData: identifier(1, 16) },
    { certificationData: identifier(2, 256) },
    { certificationData: identifier(3, 384) },
    { version: 4, certificationData: { type: 7, bytes: new Uint8Array(40) } },
    { authData: new Uint8Array() },
  ];
  return forms.map((form) => encodeQuote({ ...quote, ...form } as QuoteParts));
}

const identifier = (type: 1 | 2 | 3, ppidBytes: number) =>
  encodeCertificationData({
    type,
    ppid: new Uint8Array(ppidBytes).fill(7),
    cpuSvn: new Uint8Array(16).fill(1),
    pceSvn: 13,
    pceId: 0,
  });

const filled = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value);

export const tdReport = (extended = false): TdReportBody => ({
  teeTcbSvn: filled(16, 3),
  mrSeam: filled(48, 0),
  mrSignerSeam: filled(48, 0),
  seamAttributes: filled(8, 0),
  tdAttributes: filled(8, 0),
  xfam: filled(8, 0xe7),
  mrTd: filled(48, 0xaa),
  mrConfigId: filled(48, 0),
  mrOwner: filled(48, 0),
  mrOwnerConfig: filled(48, 0),
  rtmr: [filled(48, 1), filled(48, 2), filled(48, 3), filled(48, 4)],
  reportData: filled(64, 5),
  ...(extended ? { extension: { teeTcbSvn2: filled(16, 3), mrServiceTd: filled(48, 0) } } : {}),
});

/** The simulated TCB info as PCS v4 and v3 serve it, and one for TDX with modules; the latter two unsigned. */
export function tcbInfoForms(): readonly Uint8Array[] {
  const { collateral } = simulated();
  const info = parseTcbInfo(collateral.tcbInfo);
  const module = {
    mrSigner: filled(48, 0),
    attributes: filled(8, 0),
    attributesMask: filled(8, 0xff),
  };
  const level = {
    isvSvn: 3,
    tcbDate: info.issueDate,
    tcbStatus: 'UpToDate',
    advisoryIds: ['INTEL-SA-00001'],
  } as const;
  const tdx = {
    ...info,
    id: 'TDX',
    version: 3,
    tcbLevels: info.tcbLevels.map((each) => ({ ...each, tdxComponents: each.sgxComponents })),
    tdxModule: module,
    tdxModuleIdentities: [{ id: 'TDX_01', ...module, tcbLevels: [level] }],
  } as const;
  const unsigned = [encodeTcbInfo({ ...info, version: 2 }), encodeTcbInfo(tdx)].map((inner) =>
    signedDocument('tcbInfo', inner, info.signature),
  );
  return [collateral.tcbInfo, ...unsigned];
}

/** Little-endian header fields in front of something. */
export const framed = (head: readonly number[], body: Uint8Array): Uint8Array =>
  concat(Uint8Array.from(head), body);
