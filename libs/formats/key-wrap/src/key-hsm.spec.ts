import fc from 'fast-check';
import { fromBase64Url, fromUtf8, toBase64, toBase64Url, toUtf8 } from '@touchstone/bytes';
import { KEY_WRAP_ALGORITHMS } from './algorithm';
import { MAX_KEY_HSM_CHARACTERS, decodeKeyHsm, encodeKeyHsm } from './key-hsm';
import { KeyWrapError } from './key-wrap-error';

const document = () => ({
  schema_version: '1.0',
  header: { kid: 'TpmEphemeralEncryptionKey', alg: 'dir', enc: 'CKM_RSA_AES_KEY_WRAP' } as Record<
    string,
    unknown
  >,
  ciphertext: 'AQID' as unknown,
});
const encoded = (value: unknown) => toBase64Url(fromUtf8(JSON.stringify(value)));
const malformed = (field: string) => expect.objectContaining({ code: 'KEY_HSM_MALFORMED', field });

describe('encodeKeyHsm', () => {
  it('writes the members in the order of the vault', () => {
    const text = encodeKeyHsm({
      kid: 'k',
      enc: 'RSA_AES_KEY_WRAP_384',
      ciphertext: Uint8Array.of(1, 2, 3),
    });
    expect(toUtf8(fromBase64Url(text))).toBe(
      '{"schema_version":"1.0","header":{"kid":"k","alg":"dir","enc":"RSA_AES_KEY_WRAP_384"},"ciphertext":"AQID"}',
    );
  });

  it('round-trips', () => {
    const keyHsm = fc.record({
      kid: fc.string(),
      enc: fc.constantFrom(...KEY_WRAP_ALGORITHMS),
      ciphertext: fc.uint8Array({ minLength: 1 }),
    });
    fc.assert(
      fc.property(keyHsm, (value) => expect(decodeKeyHsm(encodeKeyHsm(value))).toEqual(value)),
    );
  });
});

describe('decodeKeyHsm', () => {
  it('takes the sorted order of a Managed HSM', () => {
    const { schema_version, header, ciphertext } = document();
    expect(decodeKeyHsm(encoded({ ciphertext, header, schema_version })).kid).toBe(
      'TpmEphemeralEncryptionKey',
    );
  });

  it('takes padded standard base64', () => {
    expect(decodeKeyHsm(toBase64(fromUtf8(JSON.stringify(document())))).enc).toBe(
      'CKM_RSA_AES_KEY_WRAP',
    );
  });

  const wrong: [string, string, unknown][] = [
    ['another schema', 'schema_version', { ...document(), schema_version: '2.0' }],
    ['no header', 'header', { ...document(), header: undefined }],
    ['a header that is a list', 'header', { ...document(), header: [] }],
    [
      'a kid that is a number',
      'header.kid',
      { ...document(), header: { ...document().header, kid: 1 } },
    ],
    [
      'another alg',
      'header.alg',
      { ...document(), header: { ...document().header, alg: 'RSA-OAEP' } },
    ],
    [
      'another enc',
      'header.enc',
      { ...document(), header: { ...document().header, enc: 'A256GCM' } },
    ],
    ['no ciphertext', 'ciphertext', { ...document(), ciphertext: '' }],
    ['ciphertext that is not base64url', 'ciphertext', { ...document(), ciphertext: 'A*' }],
    ['a list', 'key_hsm', []],
    ['null', 'key_hsm', null],
  ];
  it.each(wrong)('refuses %s', (_title, field, value) => {
    expect(() => decodeKeyHsm(encoded(value))).toThrow(malformed(field));
  });

  it.each(['', '*', toBase64Url(fromUtf8('{')), toBase64Url(Uint8Array.of(0xff))])(
    'refuses %j',
    (text) => {
      expect(() => decodeKeyHsm(text)).toThrow(malformed('key_hsm'));
    },
  );

  it('refuses a document beyond the limit', () => {
    expect(() => decodeKeyHsm('A'.repeat(MAX_KEY_HSM_CHARACTERS + 1))).toThrow(
      malformed('key_hsm'),
    );
  });

  it('answers any text with a value or a coded error', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.jsonValue().map(encoded)), (text) => {
        try {
          decodeKeyHsm(text);
        } catch (error) {
          expect(error).toBeInstanceOf(KeyWrapError);
        }
      }),
    );
  });
});
