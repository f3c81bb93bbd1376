import fc from 'fast-check';
import { concat, fromUtf8, toUtf8 } from '@touchstone/bytes';
import {
  edited,
  failureOf,
  oldLevel,
  sgxContent,
  signature,
  tdxContent,
  topLevel,
} from './__fixtures__/documents';
import { encodeTcbInfo } from './encode';
import { signedDocument } from './signed-document';
import { type TcbInfoContent, parseTcbInfo } from './tcb-info';

const bodyOf = (content: TcbInfoContent): Uint8Array =>
  signedDocument('tcbInfo', encodeTcbInfo(content), signature);

const sgx = bodyOf(sgxContent);
const tdx = bodyOf(tdxContent);

describe('parseTcbInfo', () => {
  it.each([
    ['version 3 for SGX', sgxContent],
    ['version 2', { ...sgxContent, version: 2 } as const],
    ['version 3 for TDX', tdxContent],
    ['version 3 for TDX before module identities', { ...tdxContent, tdxModuleIdentities: [] }],
  ])('reads %s as it was written', (_name, content) => {
    expect(parseTcbInfo(bodyOf(content))).toEqual({
      ...content,
      signedBytes: encodeTcbInfo(content),
      signature,
    });
  });

  it('keeps the inner object as it arrived, white space and all', () => {
    const inner = toUtf8(encodeTcbInfo(sgxContent)).replaceAll(',', ' ,\n');
    expect(
      toUtf8(parseTcbInfo(signedDocument('tcbInfo', fromUtf8(inner), signature)).signedBytes),
    ).toBe(inner);
  });

  it('reads the signature in front of the object', () => {
    const inner = toUtf8(encodeTcbInfo(sgxContent));
    const body = fromUtf8(`{"signature":"${'AB'.repeat(64)}","tcbInfo":${inner}}`);
    expect(parseTcbInfo(body)).toEqual(parseTcbInfo(sgx));
  });

  it('reads a body with the NUL of a C string', () => {
    expect(parseTcbInfo(concat(sgx, new Uint8Array(1)))).toEqual(parseTcbInfo(sgx));
  });

  it('passes over labels and members it does not know inside the signed object', () => {
    const labelled = encodeTcbInfo({
      ...sgxContent,
      sgxComponentLabels: [{ category: 'BIOS', type: 'x' }],
    });
    const body = edited(
      signedDocument('tcbInfo', labelled, signature),
      '"tcbType"',
      '"new":[null],"tcbType"',
    );
    expect(parseTcbInfo(body).tcbLevels).toEqual(sgxContent.tcbLevels);
  });

  it('writes what JSON.stringify would write again', () => {
    for (const content of [sgxContent, tdxContent]) {
      const text = toUtf8(encodeTcbInfo(content));
      expect(JSON.stringify(JSON.parse(text))).toBe(text);
    }
  });
});

describe('a TCB info is refused', () => {
  it.each([
    ['a body that is no object', fromUtf8('[]')],
    ['a body that is no UTF-8', concat(sgx, Uint8Array.of(0xff))],
    ['an identity', edited(sgx, '"tcbInfo"', '"enclaveIdentity"')],
    ['a member beside the object', edited(sgx, '"signature"', '"more":1,"signature"')],
    ['a signature of 63 bytes', edited(sgx, 'ab"}', '"}')],
    ['a signature that is not hex', edited(sgx, 'ab"}', 'xy"}')],
    ['an unknown id', edited(sgx, '"id":"SGX"', '"id":"SEV"')],
    ['no id', edited(sgx, '"id":"SGX",', '')],
    ['a version in quotes', edited(sgx, '"version":3', '"version":"3"')],
    ['a time with a fraction', edited(sgx, '2026-03-01T00:00:00Z', '2026-03-01T00:00:00.0Z')],
    ['a time with an offset', edited(sgx, '2026-03-01T00:00:00Z', '2026-03-01T00:00:00+00:00')],
    ['a day that does not exist', edited(sgx, '2026-03-01T00:00:00Z', '2026-02-29T00:00:00Z')],
    ['an hour that does not exist', edited(sgx, '2026-03-01T00:00:00Z', '2026-03-01T24:00:00Z')],
    ['an FMSPC of 5 bytes', edited(sgx, '00A067110000', '00A0671100')],
    ['a PCEID that is not hex', edited(sgx, '"pceId":"0000"', '"pceId":"000g"')],
    ['another tcbType', edited(sgx, '"tcbType":0', '"tcbType":1')],
    ['no evaluation number', edited(sgx, '"tcbEvaluationDataNumber":17,', '')],
    ['no levels', bodyOf({ ...sgxContent, tcbLevels: [] })],
    [
      'a component of 256',
      bodyOf({
        ...sgxContent,
        tcbLevels: [{ ...topLevel, sgxComponents: Array<number>(16).fill(256) }],
      }),
    ],
    [
      'a negative component',
      bodyOf({
        ...sgxContent,
        tcbLevels: [{ ...topLevel, sgxComponents: Array<number>(16).fill(-1) }],
      }),
    ],
    [
      '15 components',
      bodyOf({
        ...sgxContent,
        tcbLevels: [{ ...topLevel, sgxComponents: Array<number>(15).fill(1) }],
      }),
    ],
    [
      '17 components',
      bodyOf({
        ...sgxContent,
        tcbLevels: [{ ...topLevel, sgxComponents: Array<number>(17).fill(1) }],
      }),
    ],
    ['a PCE SVN of 65536', bodyOf({ ...sgxContent, tcbLevels: [{ ...topLevel, pceSvn: 65536 }] })],
    ['a status nobody knows', edited(sgx, '"UpToDate"', '"Fine"')],
    ['advisories that are no strings', edited(sgx, '"INTEL-SA-00615"', '615')],
    ['version 2 with the components of version 3', edited(sgx, '"version":3', '"version":2')],
    ['TDX members in an SGX document', edited(tdx, '"id":"TDX"', '"id":"SGX"')],
    ['a TDX document without its module', edited(tdx, '"tdxModule":', '"tdxOther":')],
    ['a TDX level without TDX components', bodyOf({ ...tdxContent, tcbLevels: [topLevel] })],
    [
      'a TDX module signer of 47 bytes',
      bodyOf({
        ...tdxContent,
        tdxModule: {
          mrSigner: new Uint8Array(47),
          attributes: new Uint8Array(8),
          attributesMask: new Uint8Array(8),
        },
      }),
    ],
  ])('for %s', (_name, body) => {
    expect(failureOf(() => parseTcbInfo(body))).toBe('TCB_INFO_MALFORMED');
  });

  it('for a version nobody knows', () => {
    expect(failureOf(() => parseTcbInfo(edited(sgx, '"version":3', '"version":4')))).toBe(
      'TCB_INFO_VERSION',
    );
  });

  it('for two levels with one TCB, wherever they stand', () => {
    const tcbLevels = [topLevel, oldLevel, { ...topLevel, tcbStatus: 'Revoked' } as const];
    expect(failureOf(() => parseTcbInfo(bodyOf({ ...sgxContent, tcbLevels })))).toBe(
      'TCB_INFO_DUPLICATE_LEVEL',
    );
  });

  it('for a member that appears twice', () => {
    const twice = edited(sgx, '"tcbType":0', '"tcbType":0,"fmspc":"00a067110000"');
    expect(failureOf(() => parseTcbInfo(twice))).toBe('TCB_INFO_MALFORMED');
  });

  it('naming the member at fault', () => {
    const body = edited(sgx, '"pcesvn":13},"tcbDate":"2023', '"pcesvn":"13"},"tcbDate":"2023');
    expect(() => parseTcbInfo(body)).toThrow(
      expect.objectContaining({ field: 'tcbInfo.tcbLevels[1].tcb.pcesvn' }),
    );
  });

  it('by a code, whatever byte is changed', () => {
    fc.assert(
      fc.property(fc.nat(sgx.length - 1), fc.integer({ min: 1, max: 255 }), (index, mask) => {
        const changed = sgx.slice();
        changed[index] = (changed[index] ?? 0) ^ mask;
        expect([
          undefined,
          'TCB_INFO_MALFORMED',
          'TCB_INFO_VERSION',
          'TCB_INFO_DUPLICATE_LEVEL',
        ]).toContain(failureOf(() => parseTcbInfo(changed)));
      }),
      { numRuns: 500 },
    );
  });

  it('when it is cut anywhere', () => {
    for (let length = 0; length < sgx.length; length++) {
      expect(failureOf(() => parseTcbInfo(sgx.subarray(0, length)))).toBe('TCB_INFO_MALFORMED');
    }
  });

  it('at once, however many NULs stand in front of its last character', () => {
    const body = concat(sgx, new Uint8Array(1_000_000), fromUtf8('x'));
    expect(failureOf(() => parseTcbInfo(body))).toBeDefined();
  });
});
