import { fromUtf8, toBase64, toBase64Url } from '@touchstone/bytes';
import { hasCode } from '@touchstone/errors';
import fc from 'fast-check';
import { decodeAttestRequest, MAX_NONCE_CHARACTERS } from './attest-request';

const EVIDENCE = new Uint8Array([0xfb, 0xff, 0xfe, 1]);
const quote = toBase64Url(EVIDENCE);
const held = { data: toBase64Url(fromUtf8('{}')), dataType: 'JSON' };

const decode = (body: unknown) => decodeAttestRequest('SgxEnclave', '2022-08-01', body);

function faultOf(body: unknown): string | undefined {
  try {
    decode(body);
    return undefined;
  } catch (error) {
    return hasCode(error) ? `${error.code} ${error.field}` : String(error);
  }
}

describe('decodeAttestRequest', () => {
  it('reads every member', () => {
    const request = decode({
      quote,
      runtimeData: held,
      initTimeData: { ...held, dataType: 'Binary' },
      draftPolicyForAttestation: 'version=1.0;',
      nonce: 'n',
    });
    expect(request).toEqual({
      evidence: EVIDENCE,
      runtimeData: { bytes: fromUtf8('{}'), dataType: 'JSON' },
      initTimeData: { bytes: fromUtf8('{}'), dataType: 'Binary' },
      draftPolicy: 'version=1.0;',
      nonce: 'n',
    });
  });

  it('has its evidence under report for Open Enclave', () => {
    expect(decodeAttestRequest('OpenEnclave', '2020-10-01', { report: quote })).toEqual({
      evidence: EVIDENCE,
    });
  });

  it.each([
    ['standard base64 with padding', { quote: toBase64(EVIDENCE) }],
    ['other letter case', { Quote: quote }],
    ['null for absent members', { quote, runtimeData: null, nonce: null }],
    ['members that nobody knows', { quote, extra: 1 }],
    ['empty init data of the release sidecar', { quote, initTimeData: { data: '', dataType: '' } }],
  ])('takes %s', (_name, body) => {
    expect(decode(body)).toEqual({ evidence: EVIDENCE });
  });

  it('takes a data type in any letter case and a nonce that is a number', () => {
    const request = decode({
      quote,
      runtimeData: { Data: held.data, datatype: 'binary' },
      nonce: 123,
    });
    expect(request).toMatchObject({ runtimeData: { dataType: 'Binary' }, nonce: '123' });
  });

  it('knows no nonce before 2022-08-01', () => {
    expect(decodeAttestRequest('SgxEnclave', '2020-10-01', { quote, nonce: {} })).toEqual({
      evidence: EVIDENCE,
    });
  });

  it.each<[string, unknown, string]>([
    ['an array', [], 'ATTEST_BODY_INVALID body'],
    ['text', 'quote', 'ATTEST_BODY_INVALID body'],
    ['null', null, 'ATTEST_BODY_INVALID body'],
    ['nothing', undefined, 'ATTEST_BODY_INVALID body'],
    ['no evidence', {}, 'ATTEST_MEMBER_MISSING quote'],
    ['empty evidence', { quote: '' }, 'ATTEST_MEMBER_MISSING quote'],
    ['the evidence of another type', { report: quote }, 'ATTEST_MEMBER_MISSING quote'],
    ['evidence that is a number', { quote: 1 }, 'ATTEST_MEMBER_INVALID quote'],
    ['evidence that is no base64', { quote: 'AA*A' }, 'ATTEST_MEMBER_INVALID quote'],
    ['evidence with stray bits', { quote: 'AB' }, 'ATTEST_MEMBER_INVALID quote'],
    ['evidence in two spellings', { quote, QUOTE: quote }, 'ATTEST_MEMBER_REPEATED quote'],
    ['held data that is text', { quote, runtimeData: 'AA' }, 'ATTEST_BODY_INVALID runtimeData'],
    [
      'held data without data',
      { quote, runtimeData: { dataType: 'JSON' } },
      'ATTEST_MEMBER_MISSING runtimeData.data',
    ],
    [
      'held data without a type',
      { quote, runtimeData: { data: '' } },
      'ATTEST_MEMBER_MISSING runtimeData.dataType',
    ],
    [
      'held data of an unknown type',
      { quote, runtimeData: { data: '', dataType: 'XML' } },
      'ATTEST_MEMBER_INVALID runtimeData.dataType',
    ],
    [
      'held data that is no base64',
      { quote, runtimeData: { data: '?', dataType: 'JSON' } },
      'ATTEST_MEMBER_INVALID runtimeData.data',
    ],
    [
      'held data that is a list',
      { quote, runtimeData: { data: [], dataType: 'JSON' } },
      'ATTEST_MEMBER_INVALID runtimeData.data',
    ],
    [
      'a draft policy that is an object',
      { quote, draftPolicyForAttestation: {} },
      'ATTEST_MEMBER_INVALID draftPolicyForAttestation',
    ],
    ['a nonce that is a list', { quote, nonce: [] }, 'ATTEST_MEMBER_INVALID nonce'],
    [
      'a nonce that is too long',
      { quote, nonce: 'n'.repeat(MAX_NONCE_CHARACTERS + 1) },
      'ATTEST_MEMBER_INVALID nonce',
    ],
  ])('refuses %s', (_name, body, fault) => {
    expect(faultOf(body)).toBe(fault);
  });

  it('never fails but with a code of its own', () => {
    const bodies = fc.oneof(
      fc.jsonValue(),
      fc.dictionary(
        fc.constantFrom('quote', 'Quote', 'runtimeData', 'nonce', 'initTimeData'),
        fc.jsonValue(),
      ),
    );
    fc.assert(
      fc.property(bodies, (body) => {
        expect(faultOf(body) ?? 'ATTEST_').toMatch(/^ATTEST_/);
      }),
    );
  });
});
