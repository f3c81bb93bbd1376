import { concat, fromUtf8, sha256, toBase64Url } from '@touchstone/bytes';
import { encodeCustomClaims, encodeOeReport } from '@touchstone/quote';
import { aWorld, filled, FMSPC, intelStructure } from '../__fixtures__/world';
import { inspectCertificates } from './inspect-certificate';
import { inspectCollateral } from './inspect-collateral';
import { inspectQuote } from './inspect-quote';
import { inspectToken } from './inspect-token';
import type { Inspection } from './inspection';

const world = aWorld();

const fieldNamed = ({ sections }: Inspection, name: string) =>
  sections.flatMap(({ fields }) => fields).find((field) => field.name === name);

const titles = ({ sections }: Inspection): string[] => sections.map(({ title }) => title);

const unreadable = expect.objectContaining({ code: 'INSPECT_UNREADABLE' });

describe('inspectQuote', () => {
  const quote = world.quote();

  it('shows fields with their offsets', () => {
    const inspection = inspectQuote(quote);
    expect(titles(inspection)).toEqual([
      'Quote header',
      'Report body',
      'Signature data',
      'Report of the quoting enclave',
      'Certification',
    ]);
    expect(fieldNamed(inspection, 'version')).toEqual({
      name: 'version',
      value: '3',
      offset: 0,
      size: 2,
    });
    expect(fieldNamed(inspection, 'qeVendorId')).toMatchObject({ offset: 12, meaning: 'Intel' });
    expect(fieldNamed(inspection, 'attributes')).toMatchObject({
      offset: 96,
      meaning: 'INIT, MODE64BIT',
    });
    expect(fieldNamed(inspection, 'mrEnclave')).toMatchObject({
      offset: 112,
      value: 'aa'.repeat(32),
    });
    expect(fieldNamed(inspection, 'certificationData')).toMatchObject({
      offset: 1052,
      value: 'PEM: Test SGX PCK Certificate ← Test SGX PCK Processor CA ← Test SGX Root CA',
    });
    expect('fault' in inspection).toBe(false);
  });

  it('shows what wraps a quote', () => {
    const report = inspectQuote(encodeOeReport(quote));
    expect(fieldNamed(report, 'reportSize')).toMatchObject({ offset: 8, value: `${quote.length}` });
    expect(fieldNamed(report, 'mrEnclave')).toMatchObject({ offset: 128 });
  });

  it.each([
    ['padding', filled(9, 0), 'padding'],
    ['strangers', filled(9, 1), 'not bound by the quote'],
  ])('says what is behind a quote: %s', (_name, trailing, meaning) => {
    expect(fieldNamed(inspectQuote(concat(quote, trailing)), 'trailing')).toMatchObject({
      meaning,
    });
  });

  it('says what claims a quote binds', () => {
    const claims = encodeCustomClaims([{ name: 'pk', value: filled(3, 1) }]);
    const body = { reportData: concat(sha256(claims), filled(32, 0)) };
    const inspection = inspectQuote(concat(world.quote({ body }), claims));
    expect(fieldNamed(inspection, 'trailing')).toMatchObject({
      meaning: 'custom claims: pk (3 bytes)',
    });
  });

  it('shows as much as there is', () => {
    const inspection = inspectQuote(quote.subarray(0, 130));
    expect(inspection.fault).toBe('mrEnclave takes 32 bytes at 112, 18 are left');
    expect(fieldNamed(inspection, 'unread')).toMatchObject({ offset: 112, size: 18 });
  });

  it('shows quotes of the older kind', () => {
    const epid = concat(Uint8Array.of(2, 0, 1, 0, 0xad, 0x0b, 0, 0), filled(424, 0), filled(50, 1));
    const inspection = inspectQuote(epid);
    expect(fieldNamed(inspection, 'signType')).toMatchObject({ meaning: 'linkable' });
    expect(fieldNamed(inspection, 'epidGroupId')).toMatchObject({ meaning: '00000bad' });
    expect(fieldNamed(inspection, 'mrEnclave')).toMatchObject({ offset: 112 });
  });

  it.each([
    ['text', fromUtf8('hello')],
    ['a file that is too large', new Uint8Array(2 * 1024 * 1024)],
  ])('refuses %s', (_name, file) => {
    expect(() => inspectQuote(file)).toThrow(unreadable);
  });
});

describe('inspectCertificates', () => {
  it('shows a certificate, and its SGX extension', () => {
    const inspection = inspectCertificates(fromUtf8(world.pckPem + world.rootPem));
    expect(titles(inspection)).toEqual([
      'Test SGX PCK Certificate',
      'SGX extension',
      'Test SGX Root CA',
    ]);
    expect(fieldNamed(inspection, 'fmspc')).toMatchObject({ value: FMSPC });
    expect(fieldNamed(inspection, 'issuer')).toMatchObject({
      value: 'O=Test Corporation,CN=Test SGX PCK Processor CA',
    });
    expect(fieldNamed(inspection, 'publicKey')).toMatchObject({ meaning: 'P-256 point' });
    expect(fieldNamed(inspection, 'signatureAlgorithm')).toMatchObject({
      meaning: 'ecdsaWithSha256',
    });
  });

  it('refuses a file without one', () => {
    expect(() => inspectCertificates(world.collateral.tcbInfo)).toThrow(unreadable);
  });
});

describe('inspectCollateral', () => {
  it('shows each document', () => {
    const inspection = inspectCollateral(
      fromUtf8(JSON.stringify(intelStructure(world.collateral))),
    );
    expect(titles(inspection)).toEqual(
      expect.arrayContaining([
        `TCB info, SGX ${FMSPC}`,
        'Enclave identity, QE',
        'CRL of Test SGX PCK Processor CA',
        'CRL of Test SGX Root CA',
        'Certificate of Test SGX TCB Signing',
      ]),
    );
    expect(fieldNamed(inspection, 'tcbLevels[0]')).toMatchObject({
      value: '12.12.3.3.255.1.0.0.0.0.0.0.0.0.0.0, PCESVN 13',
      meaning: 'SWHardeningNeeded since 2024-03-13; INTEL-SA-00615',
    });
  });

  it('shows what is revoked', () => {
    const { pckCrl } = aWorld({ revokePck: true }).collateral;
    const inspection = inspectCollateral(pckCrl);
    expect(fieldNamed(inspection, 'revoked')).toMatchObject({ value: '1' });
    expect(inspection.sections[0]?.fields.at(-1)?.name).toMatch(/^revoked [0-9a-f]{40}$/);
  });

  it('shows that a document is malformed', () => {
    const inspection = inspectCollateral(fromUtf8('{"tcbInfo":{},"signature":""}'));
    expect(inspection.sections).toEqual([
      { title: 'TCB info', fields: [{ name: 'fault', value: 'malformed' }] },
    ]);
  });

  it('refuses a file without any', () => {
    expect(() => inspectCollateral(fromUtf8('hello'))).toThrow(unreadable);
  });
});

describe('inspectToken', () => {
  const part = (value: unknown): string => toBase64Url(fromUtf8(JSON.stringify(value)));
  const token = `${part({ alg: 'RS256', kid: 'k' })}.${part({ iss: 'me', iat: 1, nested: { a: 1 } })}.${toBase64Url(filled(8, 1))}`;

  it.each([
    ['alone', `${token}\n`],
    ['quoted', JSON.stringify(token)],
    ['as an answer', JSON.stringify({ token })],
  ])('shows a token %s', (_name, text) => {
    const inspection = inspectToken(fromUtf8(text));
    expect(fieldNamed(inspection, 'alg')).toMatchObject({ value: 'RS256' });
    expect(fieldNamed(inspection, 'iat')).toEqual({
      name: 'iat',
      value: '1',
      meaning: '1970-01-01T00:00:01.000Z',
    });
    expect(fieldNamed(inspection, 'nested')).toMatchObject({ value: '{"a":1}' });
    expect(fieldNamed(inspection, 'signature')).toMatchObject({ meaning: '8 bytes' });
  });

  it.each(['hello', '{}', '{"token":1}', '"x"', 'a.b.c'])('refuses %s', (text) => {
    expect(() => inspectToken(fromUtf8(text))).toThrow(unreadable);
  });
});
