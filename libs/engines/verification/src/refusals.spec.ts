import { derInteger, derSequence } from '@touchstone/pki';
import { attributes } from '@touchstone/quote';
import { judge, refusedFor } from './__fixtures__/verdict';
import type { WorldOptions } from './__fixtures__/world';
import { AT, aWorld, filled, serialOf, zeros } from './__fixtures__/world';

describe('a world with exactly one thing broken', () => {
  const without = (field: 'crlDistributionPoint' | 'subjectKeyId' | 'authorityKeyId') => ({
    [field]: undefined,
  });

  it.each<[string, WorldOptions, string, string]>([
    [
      'a chain of two',
      { chain: ([leaf, ca]) => `${leaf}${ca}` },
      'CERTIFICATE_UNSUPPORTED',
      'pck-chain-length',
    ],
    [
      'a chain of four',
      { chain: (c) => c.join('') + c[0] },
      'CERTIFICATE_UNSUPPORTED',
      'pck-chain-length',
    ],
    [
      'a chain that is no PEM',
      { chain: () => 'certificate' },
      'CERTIFICATE_UNSUPPORTED',
      'pck-chain-format',
    ],
    [
      'a root of another name',
      { names: { root: 'Some Root CA' } },
      'ROOT_CA_MISSING',
      'root-ca-present',
    ],
    [
      'no intermediate',
      { names: { intermediate: 'Intel SGX' } },
      'INTERMEDIATE_CA_MISSING',
      'intermediate-ca-present',
    ],
    [
      'a leaf of another name',
      { names: { leaf: 'Intel SGX TCB Signing' } },
      'PCK_MISSING',
      'pck-present',
    ],
    [
      'a leaf without CRL distribution point',
      { certificates: { leaf: without('crlDistributionPoint') as object } },
      'CERTIFICATE_UNSUPPORTED',
      'pck-chain-certificates',
    ],
    [
      'a root without AKI',
      { certificates: { root: without('authorityKeyId') as object } },
      'CERTIFICATE_UNSUPPORTED',
      'pck-chain-certificates',
    ],
    [
      'an intermediate without SKI',
      { certificates: { intermediate: without('subjectKeyId') as object } },
      'CERTIFICATE_UNSUPPORTED',
      'pck-chain-certificates',
    ],
    [
      'an intermediate that is no CA',
      { certificates: { intermediate: { isCa: false } } },
      'CERTIFICATE_UNSUPPORTED',
      'ca-constraints',
    ],
    [
      'a leaf that is a CA',
      { certificates: { leaf: { isCa: true } } },
      'CERTIFICATE_UNSUPPORTED',
      'ca-constraints',
    ],
    [
      'an SGX extension that is none',
      { sgxExtension: derSequence(derInteger(1)) },
      'PCK_INVALID_EXTENSIONS',
      'pck-sgx-extension',
    ],
    [
      'a root that another key signed',
      { signedBy: { root: 'other' } },
      'ROOT_CA_INVALID_ISSUER',
      'root-ca-signature',
    ],
    [
      'an intermediate that another key signed',
      { signedBy: { intermediate: 'other' } },
      'INTERMEDIATE_CA_INVALID_ISSUER',
      'intermediate-ca-issuer',
    ],
    [
      'a leaf that another key signed',
      { signedBy: { leaf: 'root' } },
      'PCK_INVALID_ISSUER',
      'pck-issuer',
    ],
    [
      'a root CRL of another issuer',
      { rootCrl: { issuer: [{ type: 'CN', value: 'Other' }] } },
      'CRL_UNKNOWN_ISSUER',
      'root-ca-crl-issuer',
    ],
    [
      'a root CRL that another key signed',
      { signedBy: { rootCrl: 'other' } },
      'CRL_INVALID_SIGNATURE',
      'root-ca-crl-signature',
    ],
    [
      'a PCK CRL of the other CA',
      { pckCrl: { issuer: [{ type: 'CN', value: 'Intel SGX PCK Processor CA' }] } },
      'CRL_UNKNOWN_ISSUER',
      'pck-crl-issuer',
    ],
    [
      'a PCK CRL that another key signed',
      { signedBy: { pckCrl: 'root' } },
      'CRL_INVALID_SIGNATURE',
      'pck-crl-signature',
    ],
    [
      'a revoked intermediate',
      { rootCrl: { revoked: [{ serial: serialOf('intermediate'), at: AT }] } },
      'INTERMEDIATE_CA_REVOKED',
      'intermediate-ca-not-revoked',
    ],
    [
      'a revoked TCB signer',
      { rootCrl: { revoked: [{ serial: serialOf('signer'), at: AT }] } },
      'TCB_SIGNING_CERT_REVOKED',
      'tcb-info-signer-not-revoked',
    ],
    [
      'a TCB signer of another name',
      { names: { signer: 'Intel SGX PCK Certificate' } },
      'TCB_SIGNING_CERT_MISSING',
      'tcb-info-signer-present',
    ],
    [
      'a TCB signer that another key signed',
      { signedBy: { signer: 'intermediate' } },
      'TCB_SIGNING_CERT_INVALID_ISSUER',
      'tcb-info-signer-issuer',
    ],
    [
      'TCB info that another key signed',
      { signedBy: { tcbInfo: 'root' } },
      'TCB_INFO_INVALID_SIGNATURE',
      'tcb-info-signature',
    ],
    [
      'an identity that another key signed',
      { signedBy: { identity: 'root' } },
      'QE_IDENTITY_INVALID_SIGNATURE',
      'qe-identity-signature',
    ],
    [
      'TCB info of another FMSPC',
      { tcbInfo: { fmspc: '00906ed50000' } },
      'TCB_INFO_MISMATCH',
      'tcb-info-fmspc',
    ],
    [
      'TCB info of another PCE',
      { tcbInfo: { pceId: '0001' } },
      'TCB_INFO_MISMATCH',
      'tcb-info-pceid',
    ],
    [
      'a QE report that another key signed',
      { signedBy: { qeReport: 'intermediate' } },
      'QE_REPORT_INVALID_SIGNATURE',
      'qe-report-signature',
    ],
    [
      'a QE report for another key',
      { qeReport: { reportData: zeros(64) } },
      'QE_REPORT_DATA_MISMATCH',
      'attestation-key-binding',
    ],
    [
      'an identity of another enclave',
      { identity: { id: 'QVE' } },
      'QE_IDENTITY_MISMATCH',
      'qe-identity-tee',
    ],
    [
      'a QE with other miscselect',
      { qeReport: { miscSelect: 0x01000000 } },
      'QE_IDENTITY_MISMATCH',
      'qe-miscselect',
    ],
    [
      'a debug QE',
      { qeReport: { attributes: attributes(0x17n) } },
      'QE_IDENTITY_MISMATCH',
      'qe-attributes',
    ],
    [
      'a QE of another signer',
      { qeReport: { mrSigner: zeros(32) } },
      'QE_IDENTITY_MISMATCH',
      'qe-mrsigner',
    ],
    [
      'a QE of another product',
      { qeReport: { isvProdId: 2 } },
      'QE_IDENTITY_MISMATCH',
      'qe-isvprodid',
    ],
    [
      'a quote that another key signed',
      { signedBy: { quote: 'leaf' } },
      'QUOTE_INVALID_SIGNATURE',
      'quote-signature',
    ],
    [
      'a QE older than every level',
      { qeReport: { isvSvn: 7 } },
      'TCB_NOT_SUPPORTED',
      'qe-tcb-level',
    ],
  ])('refuses %s', (_name, options, code, check) => {
    expect(refusedFor(options)).toEqual([code, check]);
  });

  it('refuses an attestation key that is no point of the curve', () => {
    expect(refusedFor({ attestationKey: filled(64, 1) })).toEqual([
      'ATTESTATION_KEY_INVALID',
      'attestation-key',
    ]);
  });

  it('refuses certified keys that are no points of the curve', () => {
    const publicKeyBytes = Uint8Array.of(4, ...filled(64, 1));
    expect(refusedFor({ certificates: { leaf: { publicKeyBytes } } })[0]).toBe(
      'QE_REPORT_INVALID_SIGNATURE',
    );
    expect(refusedFor({ certificates: { signer: { publicKeyBytes } } })[0]).toBe(
      'TCB_INFO_INVALID_SIGNATURE',
    );
    expect(refusedFor({ certificates: { intermediate: { publicKeyBytes } } })[0]).toBe(
      'PCK_INVALID_ISSUER',
    );
  });

  it('refuses a QE report whose unused report data is not zero', () => {
    const honest = aWorld().quote.qeReport.reportData.slice();
    honest[63] = 1;
    expect(refusedFor({ qeReport: { reportData: honest } })).toEqual([
      'QE_REPORT_DATA_MISMATCH',
      'attestation-key-binding',
    ]);
  });

  it('leaves bits free that the identity masks out', () => {
    // MODE64BIT and XFRM are outside the mask.
    expect(judge({ qeReport: { attributes: attributes(0x11n, 0x3n) } }).tcb.status).toBe(
      'UpToDate',
    );
    const masks = { miscselectMask: zeros(4) };
    expect(judge({ identity: masks, qeReport: { miscSelect: 1 } }).tcb.status).toBe('UpToDate');
  });
});
