import { hasCode } from '@touchstone/errors';
import { CERTIFICATE_MEMBER, decodeStatement } from './statement-request';

describe('decodeStatement', () => {
  it.each([
    ['bare text', 'a.b.c'],
    ['bare text with a final newline', 'a.b.c\r\n'],
    ['a JSON string', '"a.b.c"'],
    ['an object', '{"policyCertificateToAdd":"a.b.c"}'],
    ['an object in other letters', '{"PolicyCertificateToAdd":"a.b.c"}'],
  ])('reads %s', (_name, body) => {
    expect(decodeStatement(body, CERTIFICATE_MEMBER.add)).toBe('a.b.c');
  });

  it('takes no object where none is expected', () => {
    expect(decodeStatement('{"a":"b"}')).toBe('{"a":"b"}');
  });

  it.each([
    ['another object', '{"policyCertificateToRemove":"a.b.c"}', 'ATTEST_MEMBER_MISSING'],
    ['a number', '{"policyCertificateToAdd":1}', 'ATTEST_MEMBER_INVALID'],
    [
      'a member twice',
      '{"policyCertificateToAdd":"a","policyCertificateToAdd":"b"}',
      'CLAIMS_JSON_DUPLICATE_MEMBER',
    ],
    ['half a string', '"a.b.c', 'CLAIMS_JSON_MALFORMED'],
  ])('refuses %s', (_name, body, code) => {
    let caught: unknown;
    try {
      decodeStatement(body, CERTIFICATE_MEMBER.add);
    } catch (error) {
      caught = error;
    }
    expect(hasCode(caught) && caught.code).toBe(code);
  });
});
