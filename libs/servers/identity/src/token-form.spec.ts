import fc from 'fast-check';
import { readTokenRequest } from './token-form';

const basic = (id: string, secret: string): string =>
  `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`;

describe('readTokenRequest', () => {
  it('reads credentials of any characters from the header', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (id, secret) => {
        fc.pre(isWellFormed(id) && isWellFormed(secret));
        expect(readTokenRequest(new Map(), basic(id, secret), 'v2')).toMatchObject({
          clientId: id,
          clientSecret: secret,
        });
      }),
    );
  });

  it('never fails on a header that is none', () => {
    fc.assert(
      fc.property(fc.string(), (header) => {
        expect(readTokenRequest(new Map(), `Basic ${header}`, 'v1')).toHaveProperty('target');
      }),
    );
  });

  it('reads an empty field as an absent one', () => {
    const form = new Map([
      ['client_id', ''],
      ['scope', ''],
    ]);
    expect(readTokenRequest(form, undefined, 'v2')).toMatchObject({
      clientId: undefined,
      target: { scope: undefined },
    });
  });

  it('takes the client id beside the header when it is the same', () => {
    const form = new Map([['client_id', 'a']]);
    expect(readTokenRequest(form, basic('a', 's'), 'v2')).toMatchObject({ clientSecret: 's' });
  });

  it.each([
    ['a secret in the body', new Map([['client_secret', 's']])],
    ['another client in the body', new Map([['client_id', 'b']])],
  ])('refuses a header beside %s', (_name, form) => {
    let caught: unknown;
    try {
      readTokenRequest(form, basic('a', 's'), 'v2');
    } catch (error) {
      caught = error;
    }
    expect(caught).toMatchObject({ code: 'IDENTITY_CREDENTIAL_REPEATED' });
  });
});

/** Lone surrogates cannot be encoded at all. */
function isWellFormed(text: string): boolean {
  try {
    encodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
