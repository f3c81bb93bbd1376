import { concat, equal, fromHex } from '@touchstone/bytes';
import {
  OeEvidenceFormat,
  encodeCustomClaims,
  encodeOeEndorsements,
  encodeOeEvidence,
  encodeOeReport,
  encodeQuote,
  looksLikeOeEvidence,
  looksLikeOeReport,
  parseCertificationData,
  parseCustomClaims,
  parseOeEndorsements,
  parseOeEvidence,
  parseOeReport,
  parseQuote,
  quoteOfOeEvidence,
} from '@touchstone/quote';
import { quoteForms, simulated } from '../seeds';
import { type FuzzTarget, orRefusal, promise } from '../target';

const tokens = [
  '0300',
  '0400',
  '0500',
  '02000000',
  '81000000',
  '0600',
  '010080010000',
  '020048020000',
  '030088020000',
  '939a7233f79c4ca9940a0db3957f0607',
].map((hex) => fromHex(hex));

function runQuote(input: Uint8Array): string {
  const quote = parseQuote(input);
  promise('an accepted quote is encoded as it arrived', equal(encodeQuote(quote), input));
  const end = quote.signedBytes.length;
  promise('the signed bytes stand first', equal(quote.signedBytes, input.subarray(0, end)));
  const { type } = quote.certificationData;
  const read = orRefusal(() => parseCertificationData(quote.certificationData));
  return `v${quote.version} ${quote.teeType} ${type} ${read !== undefined}`;
}

function runTrailing(input: Uint8Array): string {
  const returned = parseQuote(input, { trailing: 'return' });
  const whole = concat(returned.bytes, returned.trailing);
  promise('the quote and what follows it are the input', equal(whole, input));
  const padded = orRefusal(() => parseQuote(input, { trailing: 'allow-zero' }));
  const zeros = returned.trailing.every((byte) => byte === 0);
  promise('only zeros pass for padding', (padded !== undefined) === zeros);
  return `${returned.trailing.length > 0} ${zeros}`;
}

function runOeReport(input: Uint8Array): string {
  const looks = looksLikeOeReport(input);
  const report = parseOeReport(input);
  promise('what parses is recognised', looks);
  promise(
    'an accepted report is encoded as it arrived',
    equal(encodeOeReport(report.quote), input),
  );
  return orRefusal(() => parseQuote(report.quote)) ? 'with a quote' : 'without a quote';
}

function runOeEvidence(input: Uint8Array): string {
  looksLikeOeEvidence(input);
  const evidence = parseOeEvidence(input);
  const again = encodeOeEvidence(evidence);
  promise('accepted evidence keeps its data', equal(again.subarray(24), input.subarray(24)));
  const held = orRefusal(() => quoteOfOeEvidence(evidence));
  if (held?.customClaims) orRefusal(() => parseCustomClaims(held.customClaims ?? new Uint8Array()));
  return `${evidence.format === OeEvidenceFormat.SGX_ECDSA} ${held !== undefined}`;
}

function runEndorsements(input: Uint8Array): string {
  const endorsements = parseOeEndorsements(input);
  const again = parseOeEndorsements(encodeOeEndorsements(endorsements));
  promise('items survive a second writing', equal(again.tcbInfo, endorsements.tcbInfo));
  return `version ${endorsements.version === 1}`;
}

function runCustomClaims(input: Uint8Array): string {
  const claims = parseCustomClaims(input);
  promise('accepted claims are encoded as they arrived', equal(encodeCustomClaims(claims), input));
  return `${Math.min(claims.length, 4)} claims`;
}

/** Quotes and what Open Enclave wraps around them. */
export function quoteTargets(): readonly FuzzTarget[] {
  const { quote, collateral } = simulated();
  const claims = encodeCustomClaims([
    { name: 'purpose', value: Uint8Array.of(1, 2, 3) },
    { name: 'none', value: new Uint8Array() },
  ]);
  const evidence = [
    { format: OeEvidenceFormat.SGX_ECDSA, data: concat(quote.bytes, claims) },
    { format: OeEvidenceFormat.LEGACY_REPORT_REMOTE, data: encodeOeReport(quote.bytes) },
    { format: OeEvidenceFormat.RAW_SGX_QUOTE, data: quote.bytes },
    { format: OeEvidenceFormat.SGX_LOCAL, data: new Uint8Array(432) },
  ];
  const endorsements = encodeOeEndorsements({
    ...collateral,
    version: 1,
    creationTime: '2026-01-05T06:07:08Z',
  });
  const forms = quoteForms();
  const padded = forms.map((form) => concat(form, new Uint8Array(16)));
  return [
    { name: 'quote', seeds: forms, tokens, run: runQuote },
    {
      name: 'quote-trailing',
      seeds: [...padded, concat(quote.bytes, claims)],
      tokens,
      run: runTrailing,
    },
    { name: 'oe-report', seeds: forms.map(encodeOeReport), tokens, run: runOeReport },
    {
      name: 'oe-evidence',
      seeds: evidence.map(encodeOeEvidence),
      tokens: [...tokens, ...Object.values(OeEvidenceFormat).map((hex) => fromHex(hex))],
      run: runOeEvidence,
    },
    { name: 'oe-endorsements', seeds: [endorsements], tokens, run: runEndorsements },
    { name: 'oe-custom-claims', seeds: [claims], run: runCustomClaims },
  ];
}
