import type { EnclaveIdentity, IsvSvnLevel } from '@touchstone/collateral';
import { concat, equal, isZero, sha256, toHex } from '@touchstone/bytes';
import type { Quote, SgxReportBody } from '@touchstone/quote';
import { hasSigned } from './certificates';
import type { PckChain } from './pck-chain';
import type { Trail } from './trail';

const DIGEST_SIZE = 32;

/** The platform's PCK key vouches for the quoting enclave. */
export function requireQeReportSignature(trail: Trail, quote: Quote, { leaf }: PckChain): void {
  const signed = hasSigned(leaf, quote.qeReportBytes, quote.qeReportSignature);
  trail.require('qe-report-signature', signed, 'QE_REPORT_INVALID_SIGNATURE', {
    expected: `the key of PCK certificate ${leaf.serialNumber}`,
  });
}

/**
 * The quoting enclave vouches for the attestation key. Intel's library compares the digest only; the other half of
 * genuine report data is zero, and anything else there is refused here.
 */
export function requireKeyBinding(trail: Trail, quote: Quote): void {
  const { reportData } = quote.qeReport;
  const digest = sha256(concat(quote.attestationKey, quote.authData));
  const bound =
    equal(reportData.subarray(0, DIGEST_SIZE), digest) && isZero(reportData.subarray(DIGEST_SIZE));
  trail.require('attestation-key-binding', bound, 'QE_REPORT_DATA_MISMATCH', {
    read: toHex(reportData),
    expected: `${toHex(digest)}${'00'.repeat(DIGEST_SIZE)}`,
  });
}

/** The quoting enclave is the one that the identity names; its level, when one applies. */
export function matchQeIdentity(
  trail: Trail,
  quote: Quote,
  identity: EnclaveIdentity,
): IsvSvnLevel | undefined {
  const wanted = quote.teeType === 'sgx' ? 'QE' : 'TD_QE';
  trail.require('qe-identity-tee', identity.id === wanted, 'QE_IDENTITY_MISMATCH', {
    read: identity.id,
    expected: wanted,
  });
  requireIdentity(trail, quote.qeReport, identity);
  return identity.tcbLevels.find((level) => level.isvSvn <= quote.qeReport.isvSvn);
}

function requireIdentity(trail: Trail, report: SgxReportBody, identity: EnclaveIdentity): void {
  const miscSelect = masked(littleEndian(report.miscSelect), identity.miscselectMask);
  trail.require('qe-miscselect', equal(miscSelect, identity.miscselect), 'QE_IDENTITY_MISMATCH', {
    read: toHex(miscSelect),
    expected: toHex(identity.miscselect),
  });
  const attributes = masked(report.attributes.bytes, identity.attributesMask);
  trail.require('qe-attributes', equal(attributes, identity.attributes), 'QE_IDENTITY_MISMATCH', {
    read: toHex(attributes),
    expected: toHex(identity.attributes),
  });
  trail.require('qe-mrsigner', equal(report.mrSigner, identity.mrsigner), 'QE_IDENTITY_MISMATCH', {
    read: toHex(report.mrSigner),
    expected: toHex(identity.mrsigner),
  });
  trail.require('qe-isvprodid', report.isvProdId === identity.isvProdId, 'QE_IDENTITY_MISMATCH', {
    read: `${report.isvProdId}`,
    expected: `${identity.isvProdId}`,
  });
}

const masked = (value: Uint8Array, mask: Uint8Array): Uint8Array =>
  value.map((byte, i) => byte & (mask[i] ?? 0));

function littleEndian(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}
