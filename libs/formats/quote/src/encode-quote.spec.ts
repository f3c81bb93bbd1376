import fc from 'fast-check';
import { codeOf, pattern, tdReportBody, v3Parts } from './__fixtures__/parts';
import { attributes, encodeQuote, encodeReportBody, parseQuote, parseReportBody } from './index';
import type { QuoteParts } from './index';

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const u16 = fc.nat(0xffff);

const body = fc.record({
  cpuSvn: bytes(16),
  miscSelect: fc.nat(0xffff_ffff),
  isvExtProdId: bytes(16),
  attributes: fc
    .tuple(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }))
    .map(([flags, xfrm]) => attributes(flags, xfrm)),
  mrEnclave: bytes(32),
  mrSigner: bytes(32),
  configId: bytes(64),
  isvProdId: u16,
  isvSvn: u16,
  configSvn: u16,
  isvFamilyId: bytes(16),
  reportData: bytes(64),
});

describe('encodeQuote', () => {
  it('is what parseQuote reads, for any parts', () => {
    const signatureData = fc.record({
      signature: bytes(64),
      attestationKey: bytes(64),
      qeReport: body,
      qeReportSignature: bytes(64),
      authData: fc.uint8Array({ maxLength: 300 }),
      certificationData: fc.record({
        type: fc.constantFrom(4, 5, 7),
        bytes: fc.uint8Array({ maxLength: 600 }),
      }),
    });
    fc.assert(
      fc.property(body, signatureData, fc.constantFrom(3, 4, 5), (report, signature, version) => {
        const parts: QuoteParts = {
          version: version as 3 | 4 | 5,
          teeType: 'sgx',
          header: v3Parts.header,
          body: report,
          ...signature,
        };
        expect(parseQuote(encodeQuote(parts))).toMatchObject(parts);
      }),
      { numRuns: 60 },
    );
  });

  it('refuses a field of another size', () => {
    expect(codeOf(() => encodeQuote({ ...v3Parts, signature: pattern(63) }))).toBe('QUOTE_FIELD');
    expect(codeOf(() => encodeQuote({ ...v3Parts, authData: pattern(65536) }))).toBe('QUOTE_FIELD');
  });

  it('refuses a body that its version cannot carry', () => {
    const tdx = { ...v3Parts, teeType: 'tdx', body: tdReportBody() } as const;
    expect(codeOf(() => encodeQuote({ ...tdx, version: 3 }))).toBe('QUOTE_FIELD');
    expect(codeOf(() => encodeQuote({ ...tdx, version: 4, body: tdReportBody(true) }))).toBe(
      'QUOTE_FIELD',
    );
  });
});

describe('encodeReportBody', () => {
  it('is what parseReportBody reads, for any body', () => {
    fc.assert(
      fc.property(body, (value) => expect(parseReportBody(encodeReportBody(value))).toEqual(value)),
    );
  });

  it('keeps any 384 bytes', () => {
    fc.assert(
      fc.property(bytes(384), (value) =>
        expect(encodeReportBody(parseReportBody(value))).toEqual(value),
      ),
    );
  });
});
