import fc from 'fast-check';
import { concat, fromHex, fromUtf8, toHex } from '@touchstone/bytes';
import {
  aCrl,
  aRoot,
  caKeyId,
  caSigner,
  crlRequest,
  failureOf,
  signerNamed,
} from './__fixtures__/issued';
import { parseCertificate } from './certificate';
import { parseCrl } from './crl';
import { issueCrl } from './issue-crl';
import { toPem } from './pem';
import { verifyCrlSignature } from './verify-signature';

describe('parseCrl', () => {
  it('reads every member of an issued CRL', () => {
    const crl = parseCrl(aCrl());
    expect(crl).toMatchObject({
      version: 2,
      issuer: { commonName: 'Test Root CA' },
      thisUpdate: crlRequest.thisUpdate,
      nextUpdate: crlRequest.nextUpdate,
      crlNumber: 300n,
      authorityKeyId: caKeyId,
    });
    expect([...crl.revoked]).toEqual([
      ['ff00000000000000000000000000000000000001', new Date('2026-02-01T00:00:00Z')],
      ['01', new Date('2026-02-02T00:00:00Z')],
    ]);
    expect(crl.issuer.der).toEqual(parseCertificate(aRoot()).subject.der);
  });

  it('reads a CRL that revokes nothing and leaves the list out', () => {
    const der = issueCrl({ ...crlRequest, revoked: [] }, caSigner);
    expect(parseCrl(der).revoked.size).toBe(0);
    // the list would stand between nextUpdate and [0] crlExtensions
    expect(toHex(der)).toContain(`${toHex(fromUtf8('260331000000Z'))}a0`);
  });

  it.each([
    ['DER', aCrl()],
    ['DER with the NUL of a C string', concat(aCrl(), new Uint8Array(1))],
    ['PEM', fromUtf8(toPem(aCrl(), 'X509 CRL'))],
    ['PEM with a NUL', fromUtf8(`${toPem(aCrl(), 'X509 CRL')}\0`)],
    ['hex', fromUtf8(toHex(aCrl()))],
    ['upper-case hex with a NUL', fromUtf8(`${toHex(aCrl()).toUpperCase()}\0`)],
  ])('reads %s', (_name, bytes) => {
    expect(parseCrl(bytes).der).toEqual(aCrl());
  });

  it.each([
    ['nothing', new Uint8Array()],
    ['other text', fromUtf8('not a CRL')],
    ['DER with another byte behind', concat(aCrl(), Uint8Array.of(1))],
    ['two PEM blocks', fromUtf8(toPem(aCrl(), 'X509 CRL').repeat(2))],
    ['a certificate', aRoot()],
    ['an odd number of hex digits', fromUtf8(toHex(aCrl()).slice(1))],
  ])('refuses %s', (_name, bytes) => {
    expect(['PKI_CRL_MALFORMED', 'PKI_LIMIT_EXCEEDED']).toContain(failureOf(() => parseCrl(bytes)));
  });

  it('refuses a CRL that is cut anywhere', () => {
    const der = aCrl();
    for (let length = 0; length < der.length; length++) {
      expect(failureOf(() => parseCrl(der.subarray(0, length)))).toBe('PKI_CRL_MALFORMED');
    }
  });

  it('refuses a serial number that stands there twice', () => {
    const revoked = [
      { serial: '0102', at: crlRequest.thisUpdate },
      { serial: '0102', at: crlRequest.thisUpdate },
    ];
    expect(failureOf(() => parseCrl(issueCrl({ ...crlRequest, revoked }, caSigner)))).toBe(
      'PKI_CRL_MALFORMED',
    );
  });

  it('refuses a list that is there and empty', () => {
    const der = toHex(
      issueCrl({ ...crlRequest, revoked: [{ serial: '01', at: crlRequest.thisUpdate }] }, caSigner),
    );
    const entry = `3014301202 0101170d${toHex(fromUtf8('260301000000Z'))}`.replace(' ', '');
    expect(der).toContain(entry);
    // lengths of the outer and the signed sequence shrink with it
    const at = der.indexOf(entry);
    const rest = `${der.slice(0, at)}3000${der.slice(at + entry.length)}`;
    const shrunk = rest.replace(/^3081(..)3081(..)/, (_all, outer: string, inner: string) =>
      [
        '3081',
        (parseInt(outer, 16) - 20).toString(16),
        '3081',
        (parseInt(inner, 16) - 20).toString(16),
      ].join(''),
    );
    expect(failureOf(() => parseCrl(fromHex(shrunk)))).toBe('PKI_CRL_MALFORMED');
  });

  it('answers any damage with a code', () => {
    const der = aCrl();
    fc.assert(
      fc.property(fc.nat(der.length - 1), fc.integer({ min: 1, max: 255 }), (index, mask) => {
        const changed = der.slice();
        changed[index] = (changed[index] ?? 0) ^ mask;
        expect([undefined, 'PKI_CRL_MALFORMED', 'PKI_LIMIT_EXCEEDED']).toContain(
          failureOf(() => parseCrl(changed)),
        );
      }),
      { numRuns: 500 },
    );
  });
});

describe('verifyCrlSignature', () => {
  it('accepts the issuer and nobody else', () => {
    const crl = parseCrl(aCrl());
    expect(verifyCrlSignature(crl, parseCertificate(aRoot()))).toBe(true);
    const other = parseCrl(issueCrl(crlRequest, signerNamed('someone else')));
    expect(verifyCrlSignature(other, parseCertificate(aRoot()))).toBe(false);
  });
});
