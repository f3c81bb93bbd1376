import { ByteWriter, concat } from '@touchstone/bytes';
import { CertificationDataType } from './certification-data';
import type { QuoteContent, QuoteHeader, QuoteParts } from './quote';
import { QuoteBodyType, TEE_TYPE_SGX, TEE_TYPE_TDX } from './quote';
import { QuoteError, withCode } from './quote-error';
import { encodeReportBody } from './report-body';
import { encodeTdReportBody } from './td-report-body';

/** Header and body, with the descriptor of v5: the bytes that the attestation key signs. @throws QuoteError QUOTE_FIELD */
export function encodeSignedRegion(content: QuoteContent): Uint8Array {
  return withCode('QUOTE_FIELD', () => {
    const body =
      content.teeType === 'sgx' ? encodeReportBody(content.body) : encodeTdReportBody(content.body);
    assertEncodable(content);
    return concat(encodeHeader(content), encodeDescriptor(content, body.length), body);
  });
}

/** The whole quote; what `parseQuote` reads, byte for byte. @throws QuoteError QUOTE_FIELD */
export function encodeQuote(parts: QuoteParts): Uint8Array {
  const signed = encodeSignedRegion(parts);
  return withCode('QUOTE_FIELD', () => {
    const signatureData = encodeSignatureData(parts);
    return new ByteWriter()
      .bytes('signedRegion', signed)
      .u32le('signatureDataLength', signatureData.length)
      .bytes('signatureData', signatureData)
      .finish();
  });
}

function encodeHeader(content: QuoteContent): Uint8Array {
  const header: QuoteHeader = content.header;
  return new ByteWriter()
    .u16le('version', content.version)
    .u16le('attKeyType', header.attKeyType)
    .u32le('teeType', content.teeType === 'sgx' ? TEE_TYPE_SGX : TEE_TYPE_TDX)
    .u16le('qeSvn', header.qeSvn)
    .u16le('pceSvn', header.pceSvn)
    .bytes('qeVendorId', header.qeVendorId, 16)
    .bytes('userData', header.userData, 20)
    .finish();
}

function encodeDescriptor(content: QuoteContent, bodySize: number): Uint8Array {
  if (content.version !== 5) return new Uint8Array(0);
  return new ByteWriter().u16le('bodyType', bodyType(content)).u32le('bodySize', bodySize).finish();
}

function bodyType(content: QuoteContent): number {
  if (content.teeType === 'sgx') return QuoteBodyType.SGX;
  return content.body.extension === undefined ? QuoteBodyType.TD_10 : QuoteBodyType.TD_15;
}

/** Version 3 knows SGX only, and TD report 1.5 came with version 5. */
function assertEncodable(content: QuoteContent): void {
  if (content.teeType === 'sgx') return;
  const extended = content.body.extension !== undefined;
  if (content.version === 5 || (content.version === 4 && !extended)) return;
  throw new QuoteError('QUOTE_FIELD', `quote version ${content.version} has no such body`, {
    field: 'body',
  });
}

function encodeSignatureData(parts: QuoteParts): Uint8Array {
  const certified = encodeCertified(parts);
  const w = new ByteWriter()
    .bytes('signature', parts.signature, 64)
    .bytes('attestationKey', parts.attestationKey, 64);
  if (parts.version !== 3) {
    w.u16le('certificationDataType', CertificationDataType.QE_REPORT);
    w.u32le('certificationDataSize', certified.length);
  }
  return w.bytes('certified', certified).finish();
}

function encodeCertified(parts: QuoteParts): Uint8Array {
  return new ByteWriter()
    .bytes('qeReport', encodeReportBody(parts.qeReport))
    .bytes('qeReportSignature', parts.qeReportSignature, 64)
    .u16le('authDataSize', parts.authData.length)
    .bytes('authData', parts.authData)
    .u16le('certificationDataType', parts.certificationData.type)
    .u32le('certificationDataSize', parts.certificationData.bytes.length)
    .bytes('certificationData', parts.certificationData.bytes)
    .finish();
}
