import { concat, fromUtf8, sha256 } from '@touchstone/bytes';
import {
  encodeTcbInfo,
  parseEnclaveIdentity,
  parseTcbInfo,
  signedDocument,
} from '@touchstone/collateral';
import { ecSignerFromPkcs8, ecSignerFromScalar } from '@touchstone/pki';
import {
  type Quote,
  type QuoteParts,
  type TdReportBody,
  attributes,
  encodeQuote,
  encodeReportBody,
  encodeSignedRegion,
  parseQuote,
} from '@touchstone/quote';
import { type Evidence, evidenceOf } from './evidence';
import { pckKeyOf } from './pck-key';
import type { TestPlatform } from './platform';

const filled = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value);

const MODULE = { mrSigner: filled(48, 0), attributes: filled(8, 0) };
const MODULE_SVN = 3;
const TDX_SVNS = [MODULE_SVN, 0, 4, ...new Array<number>(13).fill(0)];

const BODY: TdReportBody = {
  teeTcbSvn: Uint8Array.from(TDX_SVNS),
  mrSeam: filled(48, 1),
  mrSignerSeam: MODULE.mrSigner,
  seamAttributes: MODULE.attributes,
  // SEPT_VE_DISABLE, without which the peer takes no TD.
  tdAttributes: Uint8Array.of(0, 0, 0, 0x10, 0, 0, 0, 0),
  xfam: Uint8Array.of(0xe7, 2, 6, 0, 0, 0, 0, 0),
  mrTd: filled(48, 2),
  mrConfigId: filled(48, 0),
  mrOwner: filled(48, 0),
  mrOwnerConfig: filled(48, 0),
  rtmr: [filled(48, 3), filled(48, 4), filled(48, 5), filled(48, 6)],
  reportData: filled(64, 7),
};

/**
 * A TDX quote (v4, TD report 1.0) and its collateral, made of a simulated SGX platform: there is no simulated TDX module, so
 * that its part is written here and signed with the platform's and the authority's own keys.
 */
export function tdxEvidenceOf(platform: TestPlatform): Evidence {
  const { quote, collateral } = evidenceOf(platform);
  const qeIdentity = platform.authority.enclaveIdentity('TD_QE', platform.at);
  const tcbInfo = tdxTcbInfo(platform, collateral.tcbInfo);
  return {
    quote: tdxQuote(platform, parseQuote(quote), qeIdentity),
    collateral: { ...collateral, tcbInfo, qeIdentity },
  };
}

function tdxTcbInfo({ authority }: TestPlatform, sgx: Uint8Array): Uint8Array {
  const info = parseTcbInfo(sgx);
  const inner = encodeTcbInfo({
    ...info,
    id: 'TDX',
    tcbLevels: info.tcbLevels.map((level) => ({ ...level, tdxComponents: TDX_SVNS })),
    tdxModule: { ...MODULE, attributesMask: filled(8, 0xff) },
  });
  const signer = ecSignerFromPkcs8(authority.keys.tcbSigning);
  return signedDocument('tcbInfo', inner, signer.signRaw(inner));
}

function tdxQuote(platform: TestPlatform, sgx: Quote, identityBody: Uint8Array): Uint8Array {
  const attestationKey = ecSignerFromScalar(sha256(fromUtf8('attestation key of the TD QE')));
  const publicKey = attestationKey.publicKeyBytes.slice(1);
  const identity = parseEnclaveIdentity(identityBody);
  const [level] = identity.tcbLevels;
  const wanted = new DataView(identity.attributes.slice().buffer);
  const qeReport = {
    ...sgx.qeReport,
    mrSigner: identity.mrsigner,
    isvProdId: identity.isvProdId,
    isvSvn: level?.isvSvn ?? 0,
    miscSelect: new DataView(identity.miscselect.slice().buffer).getUint32(0, true),
    attributes: attributes(wanted.getBigUint64(0, true), wanted.getBigUint64(8, true)),
    reportData: concat(sha256(publicKey, sgx.authData), filled(32, 0)),
  };
  const parts = {
    ...sgx,
    version: 4,
    teeType: 'tdx',
    body: BODY,
    attestationKey: publicKey,
    qeReport,
    qeReportSignature: pckKeyOf(platform).signRaw(encodeReportBody(qeReport)),
  } as const satisfies Partial<QuoteParts>;
  return encodeQuote({ ...parts, signature: attestationKey.signRaw(encodeSignedRegion(parts)) });
}
