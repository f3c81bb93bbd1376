import fc from 'fast-check';
import { fromUtf8, toHex } from '@touchstone/bytes';
import { hasCode } from '@touchstone/errors';
import { avrBytes, epidBody } from './__fixtures__/issued';
import { MAX_AVR_BYTES, QUOTE_STATUSES, looksLikeAvr, parseAvr } from './avr';
import { parseEpidQuoteBody } from './epid-quote-body';

const codeOf = (work: () => unknown): string | undefined => {
  try {
    work();
    return undefined;
  } catch (error) {
    if (!hasCode(error)) throw error;
    return error.code;
  }
};

describe('parseAvr', () => {
  it('reads a report, keeping its bytes', () => {
    const bytes = avrBytes();
    const avr = parseAvr(bytes);
    expect(avr.bytes).toEqual(bytes);
    expect(avr).toMatchObject({
      version: 4,
      status: 'GROUP_OUT_OF_DATE',
      timestampText: '2025-06-01T11:59:58.123456',
      timestamp: new Date('2025-06-01T11:59:58.123Z'),
      advisoryIds: ['INTEL-SA-00001', 'INTEL-SA-00002'],
      platformInfo: {
        groupOutOfDate: true,
        groupRevoked: false,
        configurationNeeded: true,
        cpuSvnOutOfDate: true,
        pceSvnOutOfDate: false,
        groupId: 0xbad,
      },
    });
    expect(avr.quoteBody).toMatchObject({ version: 2, linkable: true, groupId: 0xbad, qeSvn: 12 });
    expect(toHex(avr.quoteBody.reportBody.mrEnclave)).toBe('aa'.repeat(32));
  });

  it('reads version 3, which has no advisories in its body', () => {
    const avr = parseAvr(avrBytes({ version: 3, advisoryIDs: undefined, advisoryURL: undefined }));
    expect(avr.advisoryIds).toEqual([]);
    expect('advisoryUrl' in avr).toBe(false);
  });

  it.each(QUOTE_STATUSES)('knows the status %s', (status) => {
    expect(parseAvr(avrBytes({ isvEnclaveQuoteStatus: status })).status).toBe(status);
  });

  it.each([
    ['a status of its own', { isvEnclaveQuoteStatus: 'FINE' }, 'AVR_MALFORMED'],
    ['no status', { isvEnclaveQuoteStatus: undefined }, 'AVR_MALFORMED'],
    ['no quote body', { isvEnclaveQuoteBody: undefined }, 'AVR_MALFORMED'],
    ['a quote body that is too short', { isvEnclaveQuoteBody: 'AgAB' }, 'AVR_MALFORMED'],
    ['a quote body that is not base64', { isvEnclaveQuoteBody: '*' }, 'AVR_MALFORMED'],
    ['a day that does not exist', { timestamp: '2025-02-30T00:00:00' }, 'AVR_MALFORMED'],
    ['a time of another form', { timestamp: 'yesterday' }, 'AVR_MALFORMED'],
    ['advisories that are no list', { advisoryIDs: 'INTEL-SA-1' }, 'AVR_MALFORMED'],
    ['an advisory that is no text', { advisoryIDs: [1] }, 'AVR_MALFORMED'],
    ['a platform info of another type', { platformInfoBlob: '1502' }, 'AVR_MALFORMED'],
    ['a nonce that is no text', { nonce: 1 }, 'AVR_MALFORMED'],
    ['a version that is no number', { version: '4' }, 'AVR_MALFORMED'],
    ['version 2', { version: 2 }, 'AVR_VERSION_UNSUPPORTED'],
  ])('refuses %s', (_name, changes, code) => {
    expect(codeOf(() => parseAvr(avrBytes(changes)))).toBe(code);
  });

  it('refuses a member that stands twice', () => {
    const text = Buffer.from(avrBytes()).toString().replace('{', '{"version":3,');
    expect(codeOf(() => parseAvr(fromUtf8(text)))).toBe('AVR_MALFORMED');
  });

  it('refuses more bytes than its limit', () => {
    expect(codeOf(() => parseAvr(new Uint8Array(MAX_AVR_BYTES + 1)))).toBe('AVR_TOO_LARGE');
  });

  it('answers any bytes with a report or a code', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => typeof codeOf(() => parseAvr(bytes)) === 'string'),
    );
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.constantFrom('version', 'timestamp', 'advisoryIDs', 'nonce'),
        (value, name) => {
          const code = codeOf(() => parseAvr(avrBytes({ [name]: value })));
          expect(code === undefined || code.startsWith('AVR_')).toBe(true);
        },
      ),
    );
  });
});

describe('looksLikeAvr', () => {
  it('knows a report by its members', () => {
    expect(looksLikeAvr(avrBytes({ version: 99 }))).toBe(true);
    expect(looksLikeAvr(fromUtf8('{"tcbInfo":{}}'))).toBe(false);
    expect(looksLikeAvr(Uint8Array.of(0xff))).toBe(false);
  });
});

describe('parseEpidQuoteBody', () => {
  it('refuses every length but its own', () => {
    const body = epidBody();
    for (const length of [0, 47, 431]) {
      expect(codeOf(() => parseEpidQuoteBody(body.subarray(0, length)))).toBe('AVR_MALFORMED');
    }
    expect(codeOf(() => parseEpidQuoteBody(new Uint8Array([...body, 0])))).toBe('AVR_MALFORMED');
  });

  it.each([
    ['version', 0, 3],
    ['sign type', 2, 2],
  ])('refuses an unknown %s', (_name, offset, value) => {
    const body = epidBody();
    body[offset] = value;
    expect(codeOf(() => parseEpidQuoteBody(body))).toBe('AVR_MALFORMED');
  });
});
