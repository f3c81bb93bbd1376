import { ByteWriter, toHex } from '@touchstone/bytes';
import { parsePckExtension, SGX_TYPES } from '@touchstone/collateral';
import { parsePemChain } from '@touchstone/pki';
import type { Quote, SgxReportBody, TdReportBody } from '@touchstone/quote';
import { QuoteBodyType, TEE_TYPE_SGX, TEE_TYPE_TDX, isDebug, isTdDebug } from '@touchstone/quote';

/** The facts of a quote under the names of the manifest. */
export function factsOf(quote: Quote): Record<string, unknown> {
  return {
    quoteVersion: quote.version,
    attestationKeyType: quote.header.attKeyType,
    teeType: `0x${(quote.teeType === 'sgx' ? TEE_TYPE_SGX : TEE_TYPE_TDX).toString(16).padStart(8, '0')}`,
    certificationDataType: quote.certificationData.type,
    quoteLength: quote.bytes.length,
    ...(quote.teeType === 'sgx' ? sgxFacts(quote.body) : tdxFacts(quote.body)),
    ...(quote.version === 5 ? { bodyType: bodyTypeOf(quote) } : {}),
    reportData: toHex(quote.body.reportData),
    pck: pckFacts(quote),
  };
}

function bodyTypeOf(quote: Quote): number {
  if (quote.teeType === 'sgx') return QuoteBodyType.SGX;
  return quote.body.extension === undefined ? QuoteBodyType.TD_10 : QuoteBodyType.TD_15;
}

function sgxFacts(body: SgxReportBody): Record<string, unknown> {
  return {
    debug: isDebug(body.attributes),
    mrenclave: toHex(body.mrEnclave),
    mrsigner: toHex(body.mrSigner),
    isvProdId: body.isvProdId,
    isvSvn: body.isvSvn,
    attributes: toHex(body.attributes.bytes),
    miscSelect: toHex(new ByteWriter().u32le('miscSelect', body.miscSelect).finish()),
  };
}

function tdxFacts(body: TdReportBody): Record<string, unknown> {
  const { extension } = body;
  return {
    debug: isTdDebug(body),
    tee_tcb_svn: toHex(body.teeTcbSvn),
    mrseam: toHex(body.mrSeam),
    mrsignerseam: toHex(body.mrSignerSeam),
    seamattributes: toHex(body.seamAttributes),
    tdattributes: toHex(body.tdAttributes),
    xfam: toHex(body.xfam),
    mrtd: toHex(body.mrTd),
    mrconfigid: toHex(body.mrConfigId),
    mrowner: toHex(body.mrOwner),
    mrownerconfig: toHex(body.mrOwnerConfig),
    rtmr: body.rtmr.map(toHex),
    ...(extension === undefined
      ? {}
      : { tee_tcb_svn_2: toHex(extension.teeTcbSvn2), mrservicetd: toHex(extension.mrServiceTd) }),
  };
}

function pckFacts(quote: Quote): Record<string, unknown> {
  const leaf = parsePemChain(quote.certificationData.bytes).find(({ subject }) =>
    subject.commonName?.includes('PCK Certificate'),
  );
  if (leaf === undefined) return {};
  const { fmspc, pceId, tcb, sgxType } = parsePckExtension(leaf);
  return {
    fmspc: toHex(fmspc),
    pceId: toHex(pceId),
    pceSvn: tcb.pceSvn,
    cpuSvn: toHex(tcb.cpuSvn),
    sgxType: SGX_TYPES.indexOf(sgxType),
    issuer: leaf.issuer.commonName,
    notBefore: isoSeconds(leaf.notBefore),
    notAfter: isoSeconds(leaf.notAfter),
  };
}

/** As the manifest writes instants: seconds, with an offset. */
export const isoSeconds = (date: Date): string => date.toISOString().replace('.000Z', '+00:00');
