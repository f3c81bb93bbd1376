import fc from 'fast-check';
import { codeOf, pattern, reportBody, tdReportBody } from './__fixtures__/parts';
import {
  AttributeFlag,
  KeyName,
  KeyPolicy,
  attributes,
  encodeKeyRequest,
  encodeReport,
  encodeSealedData,
  encodeTargetInfo,
  encodeTdReportBody,
  hasFlag,
  isDebug,
  isTdDebug,
  parseAttributes,
  parseKeyRequest,
  parseReport,
  parseReportBody,
  parseSealedData,
  parseTargetInfo,
  parseTdReportBody,
} from './index';

const targetInfo = {
  mrEnclave: pattern(32, 1),
  attributes: attributes(0x15n),
  configSvn: 0x0102,
  miscSelect: 1,
  configId: pattern(64, 2),
};

const keyRequest = {
  keyName: KeyName.SEAL,
  keyPolicy: KeyPolicy.MRSIGNER | KeyPolicy.CONFIGID,
  isvSvn: 0x0304,
  cpuSvn: pattern(16, 3),
  attributeMask: attributes(0xff00_0000_0000_000bn, 0n),
  keyId: pattern(32, 4),
  miscMask: 0xf000_0000,
  configSvn: 0x0506,
};

describe('attributes', () => {
  it('are the 16 bytes that a production enclave with the provisioning attribute shows', () => {
    const value = attributes(
      AttributeFlag.INIT | AttributeFlag.MODE64BIT | AttributeFlag.PROVISION_KEY,
    );
    expect(Buffer.from(value.bytes).toString('hex')).toBe('15000000000000000300000000000000');
    expect(parseAttributes(value.bytes)).toEqual(value);
    expect(isDebug(value)).toBe(false);
    expect(hasFlag(value, AttributeFlag.PROVISION_KEY)).toBe(true);
  });

  it('tell debug enclaves and debug TDs apart', () => {
    expect(isDebug(attributes(AttributeFlag.INIT | AttributeFlag.DEBUG))).toBe(true);
    const td = tdReportBody();
    expect(isTdDebug({ ...td, tdAttributes: Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0) })).toBe(true);
    expect(isTdDebug({ ...td, tdAttributes: Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0) })).toBe(false);
  });
});

describe.each([
  ['REPORT', 432, parseReport],
  ['REPORTBODY', 384, parseReportBody],
  ['TARGETINFO', 512, parseTargetInfo],
  ['KEYREQUEST', 512, parseKeyRequest],
  ['TD report', 584, parseTdReportBody],
  ['TD report 1.5', 648, parseTdReportBody],
  ['ATTRIBUTES', 16, parseAttributes],
] as const)('%s', (_name, size, parse) => {
  it.each([0, size - 1, size + 1])('is refused when it is %i bytes', (length) => {
    expect(codeOf(() => parse(new Uint8Array(length)))).toBe('STRUCTURE_LENGTH');
  });

  it(`is taken when it is ${size} bytes`, () => {
    expect(codeOf(() => parse(new Uint8Array(size)))).toBeUndefined();
  });
});

describe('REPORT', () => {
  it('round-trips and keeps the bytes under its MAC', () => {
    const bytes = encodeReport({ body: reportBody(), keyId: pattern(32, 8), mac: pattern(16, 9) });
    const report = parseReport(bytes);
    expect(report.bodyBytes).toEqual(bytes.subarray(0, 384));
    expect(encodeReport(report)).toEqual(bytes);
  });
});

describe('TD report', () => {
  it.each([false, true])('round-trips (1.5: %s)', (extended) => {
    const body = tdReportBody(extended);
    expect(parseTdReportBody(encodeTdReportBody(body))).toEqual(body);
  });
});

describe('TARGETINFO', () => {
  it('round-trips', () => {
    expect(parseTargetInfo(encodeTargetInfo(targetInfo))).toEqual(targetInfo);
  });

  it.each([48, 56, 128, 511])('is refused when reserved byte %i is set', (offset) => {
    const bytes = encodeTargetInfo(targetInfo);
    bytes[offset] = 1;
    expect(codeOf(() => parseTargetInfo(bytes))).toBe('STRUCTURE_RESERVED');
  });
});

describe('KEYREQUEST', () => {
  it('round-trips', () => {
    expect(parseKeyRequest(encodeKeyRequest(keyRequest))).toEqual(keyRequest);
  });

  it.each([6, 7, 78, 511])('is refused when reserved byte %i is set', (offset) => {
    const bytes = encodeKeyRequest(keyRequest);
    bytes[offset] = 1;
    expect(codeOf(() => parseKeyRequest(bytes))).toBe('STRUCTURE_RESERVED');
  });

  it('refuses values that do not fit', () => {
    expect(codeOf(() => encodeKeyRequest({ ...keyRequest, isvSvn: 0x10000 }))).toBe('QUOTE_FIELD');
  });

  it('keeps any 512 bytes with zero reserved ones', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 78, maxLength: 78 }), (head) => {
        const bytes = new Uint8Array(512);
        bytes.set(head);
        bytes.fill(0, 6, 8);
        expect(encodeKeyRequest(parseKeyRequest(bytes))).toEqual(bytes);
      }),
    );
  });
});

describe('sealed data', () => {
  const sealed = {
    keyRequest,
    tag: pattern(16, 5),
    cipherText: pattern(7, 6),
    additionalText: pattern(3, 7),
  };
  const changed = (offset: number, value: number): Uint8Array => {
    const bytes = encodeSealedData(sealed);
    bytes[offset] = value;
    return bytes;
  };
  const refusal = (bytes: Uint8Array): string => {
    try {
      parseSealedData(bytes);
    } catch (error) {
      const { code, field } = error as { code: string; field: string };
      return `${code} ${field}`;
    }
    return 'taken';
  };

  it('round-trips, with nothing in it too', () => {
    const empty = { ...sealed, cipherText: pattern(0, 0), additionalText: pattern(0, 0) };
    for (const value of [sealed, empty]) {
      expect(parseSealedData(encodeSealedData(value))).toEqual(value);
    }
  });

  it.each([
    ['a reserved byte of the key request', 6, 1, 'keyRequest'],
    ['a reserved byte', 516, 1, 'reserved'],
    ['a reserved byte of the payload', 543, 1, 'aesData.reserved'],
    ['a payload that is longer than the rest', 528, 11, 'payloadSize'],
    ['a payload that is shorter than the rest', 528, 9, 'payloadSize'],
    ['more cipher text than payload', 512, 11, 'plainTextOffset'],
  ])('is refused for %s', (_what, offset, value, field) => {
    expect(refusal(changed(offset, value))).toBe(`SEALED_DATA ${field}`);
  });

  it.each([0, 511, 559])('is refused when it is %i bytes', (length) => {
    expect(refusal(new Uint8Array(length))).toMatch(/^SEALED_DATA /);
  });

  it('is encoded as it arrived, whatever was accepted', () => {
    const any = fc.tuple(
      fc.uint8Array(),
      fc.uint8Array(),
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
    );
    fc.assert(
      fc.property(any, ([cipherText, additionalText, tag]) => {
        const bytes = encodeSealedData({ keyRequest, tag, cipherText, additionalText });
        expect(encodeSealedData(parseSealedData(bytes))).toEqual(bytes);
      }),
    );
  });
});
