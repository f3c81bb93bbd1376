import { X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { concat, fromHex, fromUtf8, toHex } from '@touchstone/bytes';
import {
  aLeaf,
  aRoot,
  caKeyId,
  caSigner,
  failureOf,
  leafRequest,
  rootRequest,
} from './__fixtures__/issued';
import { MAX_CERTIFICATE_BYTES, parseCertificate } from './certificate';
import { Tag } from './der-reader';
import { derElement, derInteger, derOctets, derOid, derSequence } from './der-writer';
import { issueCertificate } from './issue-certificate';
import { SERVER_AUTH } from './issue-extensions';
import { verifyCertificateSignature } from './verify-signature';

/** Replaces the one occurrence of `from` by `to`, which is as long. */
function patched(der: Uint8Array, from: string, to: string): Uint8Array {
  const hex = toHex(der);
  expect(hex.split(from)).toHaveLength(2);
  return fromHex(hex.replace(from, to));
}

const withExtra = (oid: string, value: Uint8Array): Uint8Array =>
  issueCertificate({ ...leafRequest, extra: [{ oid, critical: false, value }] }, caSigner);

describe('parseCertificate', () => {
  it('reads every member of an issued root', () => {
    const root = parseCertificate(aRoot());
    expect(root).toMatchObject({
      version: 3,
      serialNumber: toHex(caKeyId),
      subject: { text: 'C=US,O=Test Corporation,CN=Test Root CA', commonName: 'Test Root CA' },
      notBefore: rootRequest.notBefore,
      notAfter: rootRequest.notAfter,
      publicKeyBytes: caSigner.publicKeyBytes,
      signatureAlgorithm: '1.2.840.10045.4.3.2',
      subjectKeyId: caKeyId,
      authorityKeyId: caKeyId,
      basicConstraints: { ca: true, pathLength: 1 },
      crlDistributionPoints: ['https://certificates.example.test/RootCA.der'],
    });
    expect([...(root.keyUsage ?? [])]).toEqual(['keyCertSign', 'cRLSign']);
    expect(root.issuer.der).toEqual(root.subject.der);
    expect(root.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
  });

  it('keeps the signed region as a slice of what arrived', () => {
    const der = aLeaf();
    const { tbs } = parseCertificate(der);
    expect(toHex(der).indexOf(toHex(tbs))).toBe(8);
  });

  it('does not follow its input when that changes later', () => {
    const der = aLeaf();
    const before = parseCertificate(der);
    const tbs = toHex(before.tbs);
    der.fill(0);
    expect(toHex(before.tbs)).toBe(tbs);
  });

  it('agrees with the certificate reader of node', () => {
    const request = {
      ...leafRequest,
      subjectAltNames: { dns: ['localhost', 'a.example.test'], ip: ['127.0.0.1', '::1'] },
      extendedKeyUsage: [SERVER_AUTH],
    };
    const der = issueCertificate(request, caSigner);
    const theirs = new X509Certificate(Buffer.from(der));
    const ours = parseCertificate(der);
    expect(theirs.serialNumber.toLowerCase()).toBe(ours.serialNumber);
    expect(theirs.subjectAltName).toBe(
      'DNS:localhost, DNS:a.example.test, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1',
    );
    expect(theirs.keyUsage).toEqual([SERVER_AUTH]);
    expect(theirs.ca).toBe(false);
    expect(theirs.verify(parseCertificate(aRoot()).publicKey)).toBe(true);
  });

  it('reads attributes that need escapes', () => {
    const der = issueCertificate(
      { ...leafRequest, subject: [{ type: 'CN', value: ' #a,b+c="d" ' }] },
      caSigner,
    );
    expect(parseCertificate(der).subject).toMatchObject({
      text: 'CN=\\ #a\\,b\\+c=\\"d\\"\\ ',
      commonName: ' #a,b+c="d" ',
    });
  });

  it('drops the sign octet of a serial number with the high bit set', () => {
    expect(parseCertificate(aLeaf()).serialNumber).toBe('ff00000000000000000000000000000000000001');
  });
});

describe('a certificate is refused', () => {
  it('when it is cut anywhere', () => {
    const der = aLeaf();
    for (let length = 0; length < der.length; length++) {
      expect(failureOf(() => parseCertificate(der.subarray(0, length)))).toBe(
        'PKI_CERTIFICATE_MALFORMED',
      );
    }
  });

  it('when a byte follows', () => {
    expect(failureOf(() => parseCertificate(concat(aLeaf(), Uint8Array.of(0))))).toBe(
      'PKI_CERTIFICATE_MALFORMED',
    );
  });

  it('when it is too long', () => {
    const der = withExtra('1.3.6.1.4.1.311.105.1', new Uint8Array(MAX_CERTIFICATE_BYTES));
    expect(failureOf(() => parseCertificate(der))).toBe('PKI_LIMIT_EXCEEDED');
  });

  it('when an extension appears twice', () => {
    const der = withExtra('2.5.29.14', derOctets(Uint8Array.of(1)));
    expect(failureOf(() => parseCertificate(der))).toBe('PKI_CERTIFICATE_MALFORMED');
  });

  it('when an extension that is read holds something else', () => {
    const { subjectKeyId: _dropped, ...bare } = leafRequest;
    const extra = [{ oid: '2.5.29.14', critical: false, value: derSequence() }];
    const der = issueCertificate({ ...bare, extra }, caSigner);
    expect(() => parseCertificate(der)).toThrow(
      expect.objectContaining({ field: 'subjectKeyIdentifier' }),
    );
  });

  it('when the algorithms inside and outside the signature differ', () => {
    const der = aLeaf();
    const hex = toHex(der);
    const algorithm = '06082a8648ce3d040302';
    const outer = hex.lastIndexOf(algorithm);
    const changed = fromHex(
      `${hex.slice(0, outer)}06082a8648ce3d040303${hex.slice(outer + algorithm.length)}`,
    );
    expect(failureOf(() => parseCertificate(changed))).toBe('PKI_CERTIFICATE_MALFORMED');
  });

  it('when its version is spelled out as 1 or unknown', () => {
    expect(failureOf(() => parseCertificate(patched(aLeaf(), 'a003020102', 'a003020100')))).toBe(
      'PKI_CERTIFICATE_MALFORMED',
    );
    expect(failureOf(() => parseCertificate(patched(aLeaf(), 'a003020102', 'a003020103')))).toBe(
      'PKI_CERTIFICATE_MALFORMED',
    );
  });

  it('when a version 2 certificate has extensions', () => {
    expect(failureOf(() => parseCertificate(patched(aLeaf(), 'a003020102', 'a003020101')))).toBe(
      'PKI_CERTIFICATE_MALFORMED',
    );
  });

  it('when its elliptic key compresses the point', () => {
    const point = toHex(leafRequest.publicKeyBytes ?? new Uint8Array());
    const compressed = patched(aLeaf(), point, `03${point.slice(2)}`);
    expect(failureOf(() => parseCertificate(compressed))).toBe('PKI_KEY_UNSUPPORTED');
  });

  it('when its elliptic key spells out the curve', () => {
    const { publicKeyBytes: point = new Uint8Array(), ...rest } = leafRequest;
    const parameters = derSequence(derInteger(1));
    const algorithm = derSequence(derOid('1.2.840.10045.2.1'), parameters);
    const spki = derSequence(algorithm, derElement(Tag.bitString, Uint8Array.of(0), point));
    const der = issueCertificate({ ...rest, spki }, caSigner);
    expect(failureOf(() => parseCertificate(der))).toBe('PKI_KEY_UNSUPPORTED');
  });

  it('when any of its bytes are noise, by a code', () => {
    const der = aLeaf();
    fc.assert(
      fc.property(fc.nat(der.length - 1), fc.integer({ min: 1, max: 255 }), (index, mask) => {
        const changed = der.slice();
        changed[index] = (changed[index] ?? 0) ^ mask;
        const code = failureOf(() => parseCertificate(changed));
        expect([
          undefined,
          'PKI_CERTIFICATE_MALFORMED',
          'PKI_KEY_UNSUPPORTED',
          'PKI_LIMIT_EXCEEDED',
        ]).toContain(code);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a key of a certificate', () => {
  it('is refused on first use when its point is off the curve', () => {
    const point = leafRequest.publicKeyBytes?.slice() ?? new Uint8Array();
    point[64] = (point[64] ?? 0) ^ 1;
    const certificate = parseCertificate(
      issueCertificate({ ...leafRequest, publicKeyBytes: point }, caSigner),
    );
    expect(failureOf(() => certificate.publicKey)).toBe('PKI_KEY_NOT_ON_CURVE');
    expect(verifyCertificateSignature(certificate, certificate)).toBe(false);
  });
});

describe('issueCertificate', () => {
  it('repeats byte for byte', () => {
    expect(aRoot()).toEqual(aRoot());
  });

  it('takes over an issuer name byte for byte', () => {
    const root = parseCertificate(aRoot());
    const leaf = parseCertificate(
      issueCertificate({ ...leafRequest, issuer: root.subject.der }, caSigner),
    );
    expect(leaf.issuer.der).toEqual(root.subject.der);
  });

  it('writes dates from 2050 on as GeneralizedTime', () => {
    const der = issueCertificate(
      { ...leafRequest, notAfter: new Date('2050-01-01T00:00:00Z') },
      caSigner,
    );
    expect(toHex(der)).toContain(`180f${toHex(fromUtf8('20500101000000Z'))}`);
    expect(parseCertificate(der).notAfter).toEqual(new Date('2050-01-01T00:00:00Z'));
  });

  it.each([
    ['a zero serial number', { serial: new Uint8Array(4) }],
    ['a serial number of 21 bytes', { serial: new Uint8Array(21).fill(1) }],
    ['an empty name', { subject: [] }],
    ['no key usage', { keyUsage: [] }],
    ['an address that is none', { subjectAltNames: { ip: ['127.0.0.256'] } }],
    ['two keys', { spki: parseCertificate(aRoot()).spki }],
  ])('refuses %s', (_name, change) => {
    expect(failureOf(() => issueCertificate({ ...leafRequest, ...change }, caSigner))).toBe(
      'PKI_ISSUE_INVALID',
    );
  });
});
