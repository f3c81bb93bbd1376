import { toHex } from '@touchstone/bytes';
import type { PckExtension } from '@touchstone/collateral';
import type { Quote, SgxReportBody, TdReportBody } from '@touchstone/quote';
import { isDebug, isTdDebug, parseCustomClaims } from '@touchstone/quote';
import { attempt } from './attempt';
import { isNamed } from './certificates';
import type { Platform } from './platform';
import type { QuoteEvidence } from './recognise-evidence';
import type { Facts } from './verdict';

/** What a quote says of itself and of its platform. Hex in lower case; numbers and byte strings as their structures have them. */
export function quoteFacts(
  { kind, quote, customClaims }: QuoteEvidence,
  platform: Platform,
): Facts {
  return {
    kind,
    quoteVersion: quote.version,
    teeType: quote.teeType,
    ...(quote.teeType === 'sgx' ? sgxFacts(quote.body) : tdxFacts(quote.body)),
    reportData: toHex(quote.body.reportData),
    ...platformFacts(platform),
    certificationDataType: quote.certificationData.type,
    qeIsvSvn: quote.qeReport.isvSvn,
    quoteLength: quote.bytes.length,
    ...headerFacts(quote),
    ...claimFacts(customClaims),
  };
}

/** An enclave, from whatever kind of quote. */
export const sgxFacts = (body: SgxReportBody): Facts => ({
  mrEnclave: toHex(body.mrEnclave),
  mrSigner: toHex(body.mrSigner),
  isvProdId: body.isvProdId,
  isvSvn: body.isvSvn,
  debug: isDebug(body.attributes),
  attributes: toHex(body.attributes.bytes),
  miscSelect: body.miscSelect,
  cpuSvn: toHex(body.cpuSvn),
  isvExtProdId: toHex(body.isvExtProdId),
  isvFamilyId: toHex(body.isvFamilyId),
  configId: toHex(body.configId),
  configSvn: body.configSvn,
});

const tdxFacts = (body: TdReportBody): Facts => ({
  mrTd: toHex(body.mrTd),
  rtmr: body.rtmr.map(toHex),
  mrConfigId: toHex(body.mrConfigId),
  mrOwner: toHex(body.mrOwner),
  mrOwnerConfig: toHex(body.mrOwnerConfig),
  debug: isTdDebug(body),
  tdAttributes: toHex(body.tdAttributes),
  xfam: toHex(body.xfam),
  teeTcbSvn: toHex(body.teeTcbSvn),
  mrSeam: toHex(body.mrSeam),
  mrSignerSeam: toHex(body.mrSignerSeam),
  seamAttributes: toHex(body.seamAttributes),
  ...(body.extension === undefined
    ? {}
    : {
        teeTcbSvn2: toHex(body.extension.teeTcbSvn2),
        mrServiceTd: toHex(body.extension.mrServiceTd),
      }),
});

const headerFacts = ({ version, header }: Quote): Facts => ({
  qeVendorId: toHex(header.qeVendorId),
  userData: toHex(header.userData),
  ...(version === 3 ? { headerQeSvn: header.qeSvn, headerPceSvn: header.pceSvn } : {}),
});

function platformFacts({ extension, intermediate }: Platform): Facts {
  if (extension === undefined) return {};
  return {
    ...extensionFacts(extension),
    ...(intermediate === undefined
      ? {}
      : { pckCa: isNamed(intermediate, 'Platform') ? 'platform' : 'processor' }),
  };
}

/** The SGX extension of a PCK certificate. */
export const extensionFacts = (extension: PckExtension): Facts => ({
  fmspc: toHex(extension.fmspc),
  pceId: toHex(extension.pceId),
  pceSvn: extension.tcb.pceSvn,
  pckCpuSvn: toHex(extension.tcb.cpuSvn),
  tcbComponents: [...extension.tcb.components],
  ppid: toHex(extension.ppid),
  sgxType: extension.sgxType,
  ...(extension.platformInstanceId === undefined
    ? {}
    : { platformInstanceId: toHex(extension.platformInstanceId) }),
  ...extension.configuration,
});

function claimFacts(buffer: Uint8Array | undefined): Facts {
  if (buffer === undefined) return {};
  const claims = attempt(() => parseCustomClaims(buffer));
  if (claims === undefined) return { customClaimsBuffer: toHex(buffer) };
  return {
    customClaims: Object.fromEntries(claims.map(({ name, value }) => [name, toHex(value)])),
  };
}
