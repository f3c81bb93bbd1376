import { fromUtf8, toBase64Url } from '@touchstone/bytes';
import { hasCode } from '@touchstone/errors';
import fc from 'fast-check';
import {
  MAX_TOKEN_CHARACTERS,
  compactJws,
  jwtClaims,
  parseCompactJws,
  signingInput,
} from './compact-jws';

const part = (text: string): string => toBase64Url(fromUtf8(text));
const jws = (header: string, payload = '{}', signature = 'AAAA'): string =>
  `${part(header)}.${part(payload)}.${signature}`;

function codeOf(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return hasCode(error) ? error.code : String(error);
  }
}

describe('parseCompactJws', () => {
  it('keeps what was signed as it arrived', () => {
    const text = jws('{"typ":"JWT", "alg":"RS256"}', '{"a":1}');
    const parsed = parseCompactJws(text);
    expect(parsed.header.alg).toBe('RS256');
    expect(parsed.signingInput).toBe(text.slice(0, text.lastIndexOf('.')));
    expect(jwtClaims(parsed)).toEqual({ a: 1 });
  });

  it.each([
    ['two parts', 'e30.e30'],
    ['four parts', `${jws('{"alg":"RS256"}')}.AAAA`],
    ['nothing', ''],
    ['a header that is no JSON', jws('alg')],
    ['a header that is an array', jws('["alg"]')],
    ['a header without alg', jws('{}')],
    ['an alg that is no text', jws('{"alg":["RS256"]}')],
    ['a repeated alg', jws('{"alg":"none","alg":"RS256"}')],
    ['a critical extension', jws('{"alg":"RS256","crit":["b64"],"b64":false}')],
    ['a missing signature', jws('{"alg":"RS256"}', '{}', '')],
    ['padding', `${jws('{"alg":"RS256"}')}=`],
    ['the other alphabet', jws('{"alg":"RS256"}', '{}', 'A+/A')],
    ['stray bits in the last digit', jws('{"alg":"RS256"}', '{}', 'AB')],
    ['a trailing line feed', `${jws('{"alg":"RS256"}')}\n`],
    ['a leading space', ` ${jws('{"alg":"RS256"}')}`],
    ['a byte-order mark in the header', jws('\ufeff{"alg":"RS256"}')],
    ['a header that is not UTF-8', `${toBase64Url(new Uint8Array([0x7b, 0xff]))}.e30.AAAA`],
    ['too many characters', jws('{"alg":"RS256"}', 'x'.repeat(MAX_TOKEN_CHARACTERS))],
  ])('refuses %s', (_name, text) => {
    expect(codeOf(() => parseCompactJws(text))).toBe('TOKEN_MALFORMED');
  });

  it('refuses an unsigned token unless it is asked for', () => {
    const text = jws('{"alg":"none"}', '{}', '');
    expect(codeOf(() => parseCompactJws(text))).toBe('TOKEN_ALGORITHM');
    expect(parseCompactJws(text, { allowUnsecured: true }).signature).toHaveLength(0);
  });

  it('refuses an unsigned token that has a signature', () => {
    const act = () => parseCompactJws(jws('{"alg":"none"}'), { allowUnsecured: true });
    expect(codeOf(act)).toBe('TOKEN_MALFORMED');
  });

  it.each(['None', 'nOnE', 'NONE'])('treats %s as an algorithm that needs a signature', (alg) => {
    const act = () => parseCompactJws(jws(`{"alg":"${alg}"}`, '{}', ''), { allowUnsecured: true });
    expect(codeOf(act)).toBe('TOKEN_MALFORMED');
  });

  it('never fails but with a code of its own', () => {
    const texts = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'eyJ30.-_=A') }));
    fc.assert(
      fc.property(texts, (text) => {
        const code = codeOf(() => parseCompactJws(text, { allowUnsecured: true }));
        expect([undefined, 'TOKEN_MALFORMED', 'TOKEN_ALGORITHM']).toContain(code);
      }),
    );
  });

  it('reads what compactJws writes', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.uint8Array({ minLength: 1 }),
        (payload, bytes) => {
          const input = signingInput({ alg: 'RS256' }, payload);
          const parsed = parseCompactJws(compactJws(input, bytes));
          expect(parsed.signature).toEqual(bytes);
          expect(jwtClaims(parsed)).toEqual(JSON.parse(JSON.stringify(payload)));
        },
      ),
    );
  });
});

describe('jwtClaims', () => {
  it('refuses a repeated claim', () => {
    const parsed = parseCompactJws(jws('{"alg":"RS256"}', '{"iss":"a","iss":"b"}'));
    expect(codeOf(() => jwtClaims(parsed))).toBe('TOKEN_MALFORMED');
  });
});
