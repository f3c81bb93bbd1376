import fc from 'fast-check';
import { concat } from '@touchstone/bytes';
import { codeOf, nudged, pattern, v3Parts } from './__fixtures__/parts';
import {
  OeEvidenceFormat,
  QuoteError,
  encodeCustomClaims,
  encodeOeEndorsements,
  encodeOeEvidence,
  encodeOeReport,
  encodeQuote,
  looksLikeOeEvidence,
  looksLikeOeReport,
  parseCustomClaims,
  parseOeEndorsements,
  parseOeEvidence,
  parseOeReport,
  quoteInEvidence,
  quoteOfOeEvidence,
} from './index';

const quote = encodeQuote(v3Parts);
const claims = [
  { name: 'pk', value: pattern(32) },
  { name: 'größe', value: new Uint8Array(0) },
];
const endorsements = {
  version: 1,
  tcbInfo: Buffer.from('{"tcbInfo":{}}'),
  tcbInfoIssuerChain: 'chain 1',
  pckCrl: pattern(40),
  rootCaCrl: pattern(41),
  pckCrlIssuerChain: 'chain 2',
  qeIdentity: Buffer.from('{"enclaveIdentity":{}}'),
  qeIdentityIssuerChain: 'chain 3',
  creationTime: '2022-04-26T23:43:10Z',
};

describe('parseOeReport', () => {
  const report = encodeOeReport(quote);

  it('takes the 16-byte header off', () => {
    expect(Buffer.from(report.subarray(0, 8)).toString('hex')).toBe('0100000002000000');
    expect(parseOeReport(report)).toEqual({ header: { version: 1, reportType: 2 }, quote });
    expect(looksLikeOeReport(report)).toBe(true);
    expect(looksLikeOeReport(quote)).toBe(false);
    expect(looksLikeOeReport(new Uint8Array(3))).toBe(false);
  });

  it.each([
    ['another version', nudged(report, 0, 4, 1)],
    ['a local report', nudged(report, 4, 4, -1)],
    ['a size one less', nudged(report, 8, 4, -1)],
    ['a size one more', nudged(report, 8, 4, 1)],
    ['a size beyond 32 bits', nudged(report, 12, 4, 1)],
    ['a cut header', report.subarray(0, 15)],
    ['a bare quote', quote],
  ])('refuses %s', (_name, bytes) => {
    expect(codeOf(() => parseOeReport(bytes))).toBe('OE_REPORT');
  });
});

describe('parseOeEvidence', () => {
  const buffer = encodeCustomClaims(claims);
  const evidence = encodeOeEvidence({
    format: OeEvidenceFormat.SGX_ECDSA,
    data: concat(quote, buffer),
  });

  it('gives the quote and the claims that its report data binds', () => {
    expect(evidence.length).toBe(32 + quote.length + buffer.length);
    expect(quoteOfOeEvidence(parseOeEvidence(evidence))).toEqual({ quote, customClaims: buffer });
    expect(looksLikeOeEvidence(evidence)).toBe(true);
    expect(looksLikeOeEvidence(quote)).toBe(false);
    expect(looksLikeOeEvidence(new Uint8Array(0))).toBe(false);
  });

  it('opens the two other forms that hold a DCAP quote', () => {
    const raw = { format: OeEvidenceFormat.RAW_SGX_QUOTE, data: quote };
    const legacy = { format: OeEvidenceFormat.LEGACY_REPORT_REMOTE, data: encodeOeReport(quote) };
    for (const form of [raw, legacy]) {
      expect(quoteOfOeEvidence(parseOeEvidence(encodeOeEvidence(form)))).toEqual({ quote });
    }
  });

  it('refuses to find a DCAP quote in other forms', () => {
    expect(
      codeOf(() => quoteOfOeEvidence({ format: OeEvidenceFormat.SGX_LOCAL, data: quote })),
    ).toBe('OE_EVIDENCE');
  });

  it.each([
    ['another version', nudged(evidence, 0, 4, 1)],
    ['a size one less', nudged(evidence, 24, 4, -1)],
    ['a size one more', nudged(evidence, 24, 4, 1)],
    ['a cut header', evidence.subarray(0, 31)],
  ])('refuses %s', (_name, bytes) => {
    expect(codeOf(() => parseOeEvidence(bytes))).toBe('OE_EVIDENCE');
  });
});

describe('parseCustomClaims', () => {
  const bytes = encodeCustomClaims(claims);

  it('round-trips', () => {
    expect(parseCustomClaims(bytes)).toEqual(claims);
    expect(parseCustomClaims(encodeCustomClaims([]))).toEqual([]);
  });

  it('refuses it cut at every offset and one byte longer', () => {
    for (let length = 0; length < bytes.length; length++) {
      expect(codeOf(() => parseCustomClaims(bytes.subarray(0, length)))).toBe('OE_CUSTOM_CLAIMS');
    }
    expect(codeOf(() => parseCustomClaims(concat(bytes, pattern(1))))).toBe('OE_CUSTOM_CLAIMS');
  });

  it.each([
    ['another version', nudged(bytes, 0, 4, 1)],
    ['more claims than there are', nudged(bytes, 8, 4, 1)],
    ['too many claims', nudged(bytes, 12, 4, 1)],
    ['a name without its NUL', nudged(bytes, 16, 4, -1)],
    ['a name of no bytes', concat(bytes.subarray(0, 8), Uint8Array.of(1), new Uint8Array(23))],
    ['a value of 2^32 bytes', nudged(bytes, 28, 4, 1)],
  ])('refuses %s', (_name, malformed) => {
    expect(codeOf(() => parseCustomClaims(malformed))).toBe('OE_CUSTOM_CLAIMS');
  });
});

describe('parseOeEndorsements', () => {
  const bytes = encodeOeEndorsements(endorsements);

  it('round-trips', () => {
    const parsed = parseOeEndorsements(bytes);
    expect(encodeOeEndorsements(parsed)).toEqual(bytes);
    expect(parsed.creationTime).toBe(endorsements.creationTime);
    expect(Buffer.from(parsed.tcbInfo).toString()).toBe('{"tcbInfo":{}}');
  });

  it('refuses it cut at every offset and one byte longer', () => {
    for (let length = 0; length < bytes.length; length++) {
      expect(codeOf(() => parseOeEndorsements(bytes.subarray(0, length)))).toBe('OE_ENDORSEMENTS');
    }
    expect(codeOf(() => parseOeEndorsements(concat(bytes, pattern(1))))).toBe('OE_ENDORSEMENTS');
  });

  it.each([
    ['another version', nudged(bytes, 0, 4, 1)],
    ['another enclave type', nudged(bytes, 4, 4, 1)],
    ['eight elements', nudged(bytes, 12, 4, -1)],
    ['offsets out of order', nudged(bytes, 20, 4, 10_000)],
  ])('refuses %s', (_name, malformed) => {
    expect(codeOf(() => parseOeEndorsements(malformed))).toBe('OE_ENDORSEMENTS');
  });
});

describe('quoteInEvidence', () => {
  const buffer = encodeCustomClaims(claims);
  const evidence = (format: string, data: Uint8Array) => encodeOeEvidence({ format, data });

  it.each([
    ['a bare quote', quote, { quote }],
    ['a report', encodeOeReport(quote), { quote }],
    [
      'evidence with claims',
      evidence(OeEvidenceFormat.SGX_ECDSA, concat(quote, buffer)),
      { quote, customClaims: buffer },
    ],
    [
      'evidence with a report',
      evidence(OeEvidenceFormat.LEGACY_REPORT_REMOTE, encodeOeReport(quote)),
      { quote },
    ],
  ])('finds it in %s', (_name, bytes, expected) => {
    expect(quoteInEvidence(bytes)).toEqual(expected);
  });

  it('refuses evidence of a format that holds none', () => {
    const local = evidence(OeEvidenceFormat.SGX_LOCAL, pattern(432));
    expect(codeOf(() => quoteInEvidence(local))).toBe('OE_EVIDENCE');
  });
});

describe('every Open Enclave parser', () => {
  const parsers = [parseOeReport, parseOeEvidence, parseCustomClaims, parseOeEndorsements] as const;

  it('fails on random bytes with a QuoteError only', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...parsers),
        fc.uint8Array({ maxLength: 600 }),
        (parse, bytes) => {
          try {
            parse(bytes);
          } catch (error) {
            expect(error).toBeInstanceOf(QuoteError);
          }
        },
      ),
    );
  });
});
