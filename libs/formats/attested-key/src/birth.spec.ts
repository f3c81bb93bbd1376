import fc from 'fast-check';
import { fromUtf8, toBase64Url, toHex } from '@touchstone/bytes';
import { aNewborn, birthOf, CONTROLLER_SECRET, ENDS, quoteOver } from './__fixtures__/births';
import { acceptKeyBirth, encodeKeyBirth, type KeyBirth } from './birth';
import { channelPublicKey } from './channel';

const newborn = aNewborn();
const birth = birthOf(newborn);

function codeOf(bytes: Uint8Array, controller = ENDS.controller): unknown {
  try {
    return acceptKeyBirth(bytes, controller).spki.length;
  } catch (error) {
    return (error as { code?: string }).code;
  }
}

const withMembers = (members: object): Uint8Array => {
  const text: Record<string, unknown> = JSON.parse(new TextDecoder().decode(encodeKeyBirth(birth)));
  return fromUtf8(JSON.stringify({ ...text, ...members }));
};

describe('acceptKeyBirth', () => {
  it('reads what was written', () => {
    const read = acceptKeyBirth(encodeKeyBirth(birth), channelPublicKey(CONTROLLER_SECRET));
    const shown = ({ spki, quote, channelKey, proof }: KeyBirth) =>
      [spki, quote, channelKey, proof].map(toHex);
    expect(shown(read)).toEqual(shown(birth));
  });

  it.each([
    ['another controller', encodeKeyBirth(birth), ENDS.enclave],
    [
      'the channel of another',
      encodeKeyBirth({ ...birth, channelKey: ENDS.controller }),
      undefined,
    ],
    [
      'the quote of another key',
      encodeKeyBirth({ ...birth, quote: quoteOver(new Uint8Array(64)) }),
      undefined,
    ],
    ['another key', encodeKeyBirth({ ...birth, spki: aNewborn().spki }), undefined],
  ])('refuses %s', (_name, bytes, controller) => {
    expect(codeOf(bytes, controller)).toBe('ATTESTED_KEY_BIRTH_UNBOUND');
  });

  it.each([
    ['no JSON', fromUtf8('{')],
    ['no object', fromUtf8('[]')],
    ['too much', new Uint8Array(128 * 1024 + 1)],
    ['a member that is missing', withMembers({ proof: undefined })],
    ['a member that is no text', withMembers({ proof: 1 })],
    ['an empty member', withMembers({ proof: '' })],
    ['a member that is no base64url', withMembers({ quote: '?' })],
    ['a key that is too long', withMembers({ spki: toBase64Url(new Uint8Array(1025)) })],
    ['a key that is none', withMembers({ spki: toBase64Url(new Uint8Array(9)) })],
    [
      'a channel key that is too short',
      withMembers({ channelKey: toBase64Url(new Uint8Array(31)) }),
    ],
    ['a quote that is none', withMembers({ quote: toBase64Url(new Uint8Array(9)) })],
  ])('refuses %s', (_name, bytes) => {
    expect(codeOf(bytes)).toBe('ATTESTED_KEY_BIRTH_MALFORMED');
  });

  it('refuses any other bytes by a code of its own', () => {
    const anyBirth = fc.oneof(
      fc.uint8Array({ maxLength: 256 }),
      fc
        .record({
          spki: fc.base64String(),
          quote: fc.base64String(),
          channelKey: fc.base64String(),
        })
        .map((members) => withMembers(members)),
      fc.json().map(fromUtf8),
    );
    fc.assert(
      fc.property(anyBirth, (bytes) => {
        expect(codeOf(bytes)).toMatch(/^ATTESTED_KEY_BIRTH_/);
      }),
    );
  });
});
