import { generateKeyPairSync } from 'node:crypto';
import { keyReportData, quoteExtensions } from '@touchstone/attested-key';
import { fromHex } from '@touchstone/bytes';
import { rsaSelfSigned, type ExtraExtension } from '@touchstone/pki';
import { attributes } from '@touchstone/quote';
import { bundle } from './__fixtures__/judged';
import { AT, aWorld, filled, type QuoteChanges } from './__fixtures__/world';
import { judgeSigner, type SignerRequest } from './judge-signer';

const ISSUER = 'https://shareduks.uks.attest.example.test';
const world = aWorld();
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const spki = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }));
const privateKeyPkcs8 = new Uint8Array(privateKey.export({ type: 'pkcs8', format: 'der' }));

const DEBUG = 0x2n;
const soundBody = { reportData: keyReportData(spki) };

const quoteWith = (body: QuoteChanges['body'] = {}, of = world): Uint8Array =>
  of.quote({ body: { ...soundBody, ...body } });

const certificateWith = (
  extensions: readonly ExtraExtension[] = quoteExtensions(quoteWith(), 'report'),
  notAfter = new Date('2050-12-31T23:59:59Z'),
): Uint8Array =>
  rsaSelfSigned({
    commonName: ISSUER,
    privateKeyPkcs8,
    serial: Uint8Array.of(1),
    notBefore: new Date('2019-05-01T00:00:00Z'),
    notAfter,
    extensions,
  });

const judged = (changes: Partial<SignerRequest> = {}) =>
  judgeSigner({
    certificate: certificateWith(),
    issuer: ISSUER,
    collateral: [bundle(world)],
    anchors: world.anchors,
    without: [],
    at: AT,
    ...changes,
  });

const carrying = (quote: Uint8Array): Partial<SignerRequest> => ({
  certificate: certificateWith(quoteExtensions(quote, 'report')),
});

describe('judgeSigner', () => {
  it.each(['report', 'quote'] as const)(
    'believes a genuine one that carries a %s',
    async (form) => {
      const { document, checks } = await judged({
        certificate: certificateWith(quoteExtensions(quoteWith(), form)),
        mrEnclave: filled(32, 0xaa),
        mrSigner: filled(32, 0xbb),
      });
      expect(document).toMatchObject({
        verdict: 'genuine',
        code: null,
        anchor: 'tests',
        facts: { mrEnclave: 'aa'.repeat(32), mrSigner: 'bb'.repeat(32) },
      });
      expect(checks.filter(({ result }) => result === 'failed')).toEqual([]);
      expect(document.checks.map(({ name }) => name)).toEqual(
        expect.arrayContaining(['signer-quote-extension', 'quote-signature', 'signer-key-binding']),
      );
    },
  );

  it('notes the enclave where nobody says which it must be', async () => {
    const { checks } = await judged();
    const noted = checks.filter(({ name }) => /^signer-mr/.test(name));
    expect(noted).toEqual([
      { name: 'signer-mrenclave', result: 'noted', read: 'aa'.repeat(32) },
      { name: 'signer-mrsigner', result: 'noted', read: 'bb'.repeat(32) },
    ]);
  });

  it('believes a debug enclave where somebody allows it, and notes that', async () => {
    const certificate = certificateWith(
      quoteExtensions(quoteWith({ attributes: attributes(0x5n | DEBUG, 0x3n) }), 'report'),
    );
    const { document, checks } = await judged({ certificate, allowDebug: true });
    expect(document.verdict).toBe('genuine');
    expect(checks).toContainEqual({
      name: 'signer-not-debug',
      result: 'noted',
      read: 'debug',
      expected: 'not debug',
    });
  });

  const signedByAnother = certificateWith();
  signedByAnother.set([1, 2, 3], signedByAnother.length - 3);

  it.each<[string, Partial<SignerRequest>, string]>([
    ['the certificate of a plain key', { certificate: certificateWith([]) }, 'SIGNER_NOT_ATTESTED'],
    [
      'a quote over another key',
      carrying(quoteWith({ reportData: keyReportData(new Uint8Array(9)) })),
      'SIGNER_KEY_UNBOUND',
    ],
    [
      'a quote whose report data goes on behind the key',
      carrying(quoteWith({ reportData: keyReportData(spki).fill(1, 63) })),
      'SIGNER_KEY_UNBOUND',
    ],
    [
      'a debug enclave',
      carrying(quoteWith({ attributes: attributes(0x5n | DEBUG, 0x3n) })),
      'SIGNER_DEBUG',
    ],
    ['another enclave', { mrEnclave: filled(32, 1) }, 'SIGNER_MRENCLAVE'],
    ['the enclave of another author', { mrSigner: filled(32, 1) }, 'SIGNER_MRSIGNER'],
    [
      'a certificate that another key signed',
      { certificate: signedByAnother },
      'SIGNER_CERTIFICATE_SIGNATURE',
    ],
    ['the certificate of another issuer', { issuer: `${ISSUER}/` }, 'SIGNER_CERTIFICATE_NAME'],
    [
      'a certificate that is over',
      { certificate: certificateWith(undefined, new Date('2026-03-14T00:00:00Z')) },
      'SIGNER_CERTIFICATE_DATES',
    ],
    ['no certificate', { certificate: filled(9, 1) }, 'PKI_CERTIFICATE_MALFORMED'],
    [
      'an extension without a quote',
      {
        certificate: certificateWith([
          { oid: '1.3.6.1.4.1.311.105.1', critical: false, value: filled(20, 1) },
        ]),
      },
      'ATTESTED_KEY_EXTENSION',
    ],
    ['a quote that is none', carrying(fromHex('0300')), 'QUOTE_TRUNCATED'],
    ['a quote that was changed', carrying(changed(quoteWith())), 'QUOTE_INVALID_SIGNATURE'],
  ])('refuses %s', async (_name, changes, code) => {
    const { document, checks } = await judged(changes);
    expect(document).toMatchObject({ verdict: 'rejected', code });
    expect(checks.at(-1)).toMatchObject({ result: 'failed', code });
  });

  it('refuses the quote of another world', async () => {
    const other = aWorld({ name: 'others' });
    const { document } = await judged({
      ...carrying(quoteWith({}, other)),
      collateral: [bundle(other)],
    });
    expect(document).toMatchObject({ verdict: 'rejected', code: 'PCK_CHAIN_UNTRUSTED' });
  });

  it('refuses a platform that was revoked', async () => {
    const revoked = aWorld({ revokePck: true });
    const { document } = await judged({ collateral: [bundle(revoked)] });
    expect(document).toMatchObject({ verdict: 'rejected', code: 'PCK_REVOKED' });
  });

  it('says nothing for want of collateral', async () => {
    const { document } = await judged({ collateral: [] });
    expect(document).toMatchObject({ verdict: 'not-judged', code: 'COLLATERAL_MISSING' });
  });
});

/** One bit of the report body, which the attestation key signed. */
function changed(quote: Uint8Array): Uint8Array {
  const MRENCLAVE_START = 48 + 64;
  return quote.with(MRENCLAVE_START, (quote[MRENCLAVE_START] ?? 0) ^ 1);
}
