import {
  X509Certificate,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
} from 'node:crypto';
import { fromUtf8, toHex } from '@touchstone/bytes';
import { failureOf, signerNamed } from './__fixtures__/issued';
import { parseCertificate } from './certificate';
import { rsaCertificateChain, rsaSelfSigned, rsaSelfSignedBody } from './rsa-certificates';
import { verifyCertificateSignature } from './verify-signature';

const newKey = (): Uint8Array =>
  generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
    type: 'pkcs8',
    format: 'der',
  });

const quoteExtension = '1.3.6.1.4.1.311.105.1';

const request = {
  commonName: 'https://sharedeus2.eus2.attest.example.test',
  privateKeyPkcs8: newKey(),
  serial: Uint8Array.of(1),
  notBefore: new Date('2019-05-01T00:00:00Z'),
  notAfter: new Date('2050-12-31T23:59:59Z'),
  extensions: [{ oid: quoteExtension, critical: false, value: Uint8Array.of(1, 0, 0xff, 0x30) }],
};

describe('rsaSelfSigned', () => {
  const der = rsaSelfSigned(request);
  const certificate = parseCertificate(der);

  it('has the profile of a provider certificate', () => {
    expect(certificate).toMatchObject({
      version: 3,
      serialNumber: '01',
      subject: { text: `CN=${request.commonName}` },
      notBefore: request.notBefore,
      notAfter: request.notAfter,
      signatureAlgorithm: '1.2.840.113549.1.1.11',
      basicConstraints: { ca: false },
      crlDistributionPoints: [],
    });
    expect(certificate.issuer.der).toEqual(certificate.subject.der);
    expect(certificate.authorityKeyId).toEqual(certificate.subjectKeyId);
    expect(certificate.extensions.get('2.5.29.19')?.critical).toBe(false);
    expect(toHex(certificate.subject.der)).toContain(`0c2b${toHex(fromUtf8(request.commonName))}`);
  });

  it('has its extensions in the order of the live service', () => {
    expect([...certificate.extensions.keys()]).toEqual([
      '2.5.29.19',
      '2.5.29.14',
      '2.5.29.35',
      quoteExtension,
    ]);
    expect(toHex(certificate.extensions.get('2.5.29.19')?.value ?? new Uint8Array())).toBe('3000');
  });

  it('writes both dates as GeneralizedTime', () => {
    expect(toHex(der)).toContain(`180f${toHex(fromUtf8('20190501000000Z'))}`);
    expect(toHex(der)).toContain(`180f${toHex(fromUtf8('20501231235959Z'))}`);
  });

  it('carries an extension whose octets have no DER of their own', () => {
    expect(certificate.extensions.get(quoteExtension)).toEqual({
      critical: false,
      value: Uint8Array.of(1, 0, 0xff, 0x30),
    });
  });

  it('is signed by its own key, for us and for node', () => {
    expect(verifyCertificateSignature(certificate, certificate)).toBe(true);
    const theirs = new X509Certificate(Buffer.from(der));
    expect(theirs.verify(theirs.publicKey)).toBe(true);
  });

  it('encodes a name beyond ASCII as UTF-8', () => {
    const named = parseCertificate(rsaSelfSigned({ ...request, commonName: 'Prüfstein' }));
    expect(named.subject.commonName).toBe('Prüfstein');
  });

  it('refuses a key that is not RSA', () => {
    const privateKeyPkcs8 = signerNamed('ec').toPkcs8();
    expect(failureOf(() => rsaSelfSigned({ ...request, privateKeyPkcs8 }))).toBe(
      'PKI_KEY_UNSUPPORTED',
    );
    expect(failureOf(() => rsaSelfSigned({ ...request, privateKeyPkcs8: new Uint8Array(9) }))).toBe(
      'PKI_KEY_UNSUPPORTED',
    );
  });
});

describe('rsaSelfSigned in the layout of 2020', () => {
  const certificate = parseCertificate(
    rsaSelfSigned({
      ...request,
      layout: '2020',
      notBefore: new Date('2020-07-17T21:45:47Z'),
      notAfter: new Date('2021-07-17T21:45:47Z'),
    }),
  );

  it('is an authority for leaves, its extra extensions in the middle', () => {
    expect([...certificate.extensions.keys()]).toEqual([
      '2.5.29.19',
      quoteExtension,
      '2.5.29.14',
      '2.5.29.35',
      '2.5.29.15',
    ]);
    expect(certificate.basicConstraints).toEqual({ ca: true, pathLength: 0 });
    expect(certificate.extensions.get('2.5.29.19')?.critical).toBe(false);
    expect(certificate.extensions.get('2.5.29.15')).toEqual({
      critical: true,
      value: Uint8Array.of(3, 2, 2, 4),
    });
  });

  it('writes both dates as UTCTime', () => {
    expect(toHex(certificate.der)).toContain(`170d${toHex(fromUtf8('200717214547Z'))}`);
    expect(toHex(certificate.der)).toContain(`170d${toHex(fromUtf8('210717214547Z'))}`);
  });
});

describe('rsaSelfSignedBody', () => {
  const { privateKeyPkcs8, ...fields } = request;
  const privateKey = createPrivateKey({
    key: Buffer.from(privateKeyPkcs8),
    format: 'der',
    type: 'pkcs8',
  });
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });

  it('becomes the same certificate under the signature of whoever holds the key', () => {
    const body = rsaSelfSignedBody({ ...fields, publicKeySpki: new Uint8Array(spki) });
    const signature = sign('sha256', body.tbs, privateKey);
    expect(toHex(body.signed(signature))).toBe(toHex(rsaSelfSigned(request)));
  });

  it('refuses a key that is not RSA', () => {
    const publicKeySpki = new Uint8Array(9);
    expect(failureOf(() => rsaSelfSignedBody({ ...fields, publicKeySpki }))).toBe(
      'PKI_KEY_UNSUPPORTED',
    );
  });
});

describe('rsaCertificateChain', () => {
  const party = (commonName: string, serial: number) => ({
    commonName,
    privateKeyPkcs8: newKey(),
    serial: Uint8Array.of(serial),
  });
  const dnsNames = ['vault.azure.net', '*.vault.azure.net', '*.vaultcore.azure.net'];
  const ders = rsaCertificateChain({
    root: party('Test Root', 1),
    intermediate: party('Test Issuing CA', 2),
    leaf: { ...party('vault.azure.net', 0x80), dnsNames },
    notBefore: new Date('2026-01-01T00:00:00Z'),
    notAfter: new Date('2036-01-01T00:00:00Z'),
  });
  const [leaf, intermediate, root] = [
    parseCertificate(ders[0]),
    parseCertificate(ders[1]),
    parseCertificate(ders[2]),
  ];

  it('links leaf, intermediate and root', () => {
    expect(verifyCertificateSignature(leaf, intermediate)).toBe(true);
    expect(verifyCertificateSignature(intermediate, root)).toBe(true);
    expect(verifyCertificateSignature(root, root)).toBe(true);
    expect(leaf.issuer.der).toEqual(intermediate.subject.der);
    expect(leaf.authorityKeyId).toEqual(intermediate.subjectKeyId);
    expect(leaf.serialNumber).toBe('80');
  });

  it('marks its authorities as such', () => {
    expect(root.basicConstraints).toEqual({ ca: true, pathLength: 1 });
    expect(intermediate.basicConstraints).toEqual({ ca: true, pathLength: 0 });
    expect(leaf.basicConstraints).toEqual({ ca: false });
  });

  it('names every host, as node sees it', () => {
    const theirs = new X509Certificate(Buffer.from(ders[0]));
    expect(theirs.subjectAltName).toBe(dnsNames.map((name) => `DNS:${name}`).join(', '));
    expect(theirs.checkHost('myvault.vault.azure.net')).toBe('*.vault.azure.net');
    expect(theirs.checkIssued(new X509Certificate(Buffer.from(ders[1])))).toBe(true);
  });
});
