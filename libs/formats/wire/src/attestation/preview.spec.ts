import { hasCode } from '@touchstone/errors';
import { decodePreviewAttestRequest, isPreviewPath, parseTee } from './preview';

function refusal(work: () => unknown): object | undefined {
  try {
    work();
  } catch (error) {
    return hasCode(error) ? { code: error.code, field: error.field } : { error };
  }
  return undefined;
}

describe('decodePreviewAttestRequest', () => {
  it.each([
    ['as published', { Quote: 'AQI', EnclaveHeldData: 'Aw' }],
    ['in other letters', { quote: 'AQI', enclaveHeldData: 'Aw' }],
    ['padded, with more members', { Quote: 'AQI=', EnclaveHeldData: 'Aw==', More: 1 }],
  ])('reads a request %s', (_name, body) => {
    expect(decodePreviewAttestRequest(body)).toEqual({
      evidence: Uint8Array.of(1, 2),
      runtimeData: { bytes: Uint8Array.of(3), dataType: 'Binary' },
    });
  });

  it.each([undefined, null, ''])('takes held data that is %j for none', (EnclaveHeldData) => {
    expect(decodePreviewAttestRequest({ Quote: 'AQI', EnclaveHeldData })).toEqual({
      evidence: Uint8Array.of(1, 2),
    });
  });

  it.each([
    ['no object', [], 'ATTEST_BODY_INVALID', 'body'],
    ['no quote', {}, 'ATTEST_MEMBER_MISSING', 'Quote'],
    ['an empty quote', { Quote: '' }, 'ATTEST_MEMBER_MISSING', 'Quote'],
    ['a quote that is a number', { Quote: 1 }, 'ATTEST_MEMBER_INVALID', 'Quote'],
    ['a quote that is no base64', { Quote: '%' }, 'ATTEST_MEMBER_INVALID', 'Quote'],
    ['a quote twice', { Quote: 'AQI', quote: 'AQI' }, 'ATTEST_MEMBER_REPEATED', 'Quote'],
    [
      'held data that is an object',
      { Quote: 'AQI', EnclaveHeldData: {} },
      'ATTEST_MEMBER_INVALID',
      'EnclaveHeldData',
    ],
  ])('refuses %s', (_name, body, code, field) => {
    expect(refusal(() => decodePreviewAttestRequest(body))).toEqual({ code, field });
  });
});

describe('parseTee', () => {
  it.each([
    ['SgxEnclave', 'SgxEnclave'],
    ['openenclave', 'OpenEnclave'],
  ])('knows %s', (value, type) => {
    expect(parseTee(value)).toBe(type);
  });

  it.each([
    [undefined, 'ATTEST_MEMBER_MISSING'],
    ['', 'ATTEST_MEMBER_MISSING'],
    ['VSMEnclave', 'ATTEST_MEMBER_INVALID'],
    ['CyResComponent', 'ATTEST_MEMBER_INVALID'],
    ['sgx', 'ATTEST_MEMBER_INVALID'],
  ])('refuses %j', (value, code) => {
    expect(refusal(() => parseTee(value))).toEqual({ code, field: 'tee' });
  });
});

describe('isPreviewPath', () => {
  it.each([
    ['/operations/policy/current', true],
    ['/attest/Tee/OpenEnclave', true],
    ['/attest/SgxEnclave', false],
    ['/policies/SgxEnclave', false],
  ])('says of %s: %j', (path, expected) => {
    expect(isPreviewPath(path)).toBe(expected);
  });
});
