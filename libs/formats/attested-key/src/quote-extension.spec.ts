import fc from 'fast-check';
import { concat, toHex } from '@touchstone/bytes';
import {
  parseCertificate,
  rsaSelfSigned,
  type Certificate,
  type ExtraExtension,
} from '@touchstone/pki';
import { encodeOeReport } from '@touchstone/quote';
import { aNewborn, quoteOver } from './__fixtures__/births';
import { keyReportData } from './key-id';
import {
  MAX_SIGNER_EVIDENCE_BYTES,
  QuoteExtensionOid,
  quoteExtensions,
  readQuoteExtension,
} from './quote-extension';

const { spki, privateKey } = aNewborn();
const quote = quoteOver(keyReportData(spki));
const privateKeyPkcs8 = new Uint8Array(privateKey.export({ format: 'der', type: 'pkcs8' }));

const certificateWith = (extensions: readonly ExtraExtension[]): Certificate =>
  parseCertificate(
    rsaSelfSigned({
      commonName: 'https://p.uks.attest.example.test',
      privateKeyPkcs8,
      serial: Uint8Array.of(1),
      notBefore: new Date('2026-01-01T00:00:00Z'),
      notAfter: new Date('2027-01-01T00:00:00Z'),
      extensions,
    }),
  );

const read = (extensions: readonly ExtraExtension[]): unknown => {
  try {
    const found = readQuoteExtension(certificateWith(extensions));
    return found && { oid: found.oid, quote: toHex(found.quote) };
  } catch (error) {
    return (error as { code?: string }).code;
  }
};

const holding = (oid: string, value: Uint8Array): ExtraExtension[] => [
  { oid, critical: false, value },
];

describe('the extension with a quote', () => {
  it.each([
    ['report', QuoteExtensionOid.report],
    ['quote', QuoteExtensionOid.quote],
  ] as const)('in the form of a %s is read as it was written', (form, oid) => {
    expect(read(quoteExtensions(quote, form))).toEqual({ oid, quote: toHex(quote) });
  });

  it('has the bytes that were recorded around the quote', () => {
    const [report] = quoteExtensions(quote, 'report');
    const [bare, kind] = quoteExtensions(quote, 'quote');
    expect(toHex(report?.value ?? quote)).toMatch(
      /^0100000002000000[0-9a-f]{4}00000000000003000200/,
    );
    expect(toHex(bare?.value ?? quote)).toMatch(/^0482[0-9a-f]{4}03000200/);
    expect(kind).toEqual({
      oid: '1.2.840.113556.10.1.2',
      critical: false,
      value: Uint8Array.of(2, 1, 1),
    });
  });

  it('of early 2021 is a report under the identifier of 2020', () => {
    const oid = QuoteExtensionOid.quote;
    expect(read(holding(oid, encodeOeReport(quote)))).toEqual({ oid, quote: toHex(quote) });
  });

  it('is not there on the certificate of a plain key', () => {
    expect(read([])).toBeUndefined();
  });

  it.each([
    ['a bare quote where a report belongs', holding(QuoteExtensionOid.report, quote)],
    [
      'bytes behind the quote',
      holding(QuoteExtensionOid.quote, concat(Uint8Array.of(4, 0), quote)),
    ],
    ['nothing', holding(QuoteExtensionOid.quote, new Uint8Array())],
  ])('with %s is refused', (_name, extensions) => {
    expect(read(extensions)).toBe('ATTESTED_KEY_EXTENSION');
  });

  it('with too much is refused', () => {
    const value = encodeOeReport(new Uint8Array(MAX_SIGNER_EVIDENCE_BYTES));
    const extensions = new Map([[QuoteExtensionOid.report as string, { critical: false, value }]]);
    expect(() => readQuoteExtension({ extensions })).toThrow(
      expect.objectContaining({ code: 'ATTESTED_KEY_EXTENSION' }),
    );
  });

  it('with any bytes at all is read or refused', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(QuoteExtensionOid.report, QuoteExtensionOid.quote),
        fc.uint8Array({ maxLength: 64 }),
        (oid, value) => {
          const extensions = new Map([[oid as string, { critical: false, value }]]);
          try {
            const found = readQuoteExtension({ extensions });
            expect(found?.oid).toBe(oid);
          } catch (error) {
            expect(error).toMatchObject({ code: 'ATTESTED_KEY_EXTENSION' });
          }
        },
      ),
    );
  });
});
