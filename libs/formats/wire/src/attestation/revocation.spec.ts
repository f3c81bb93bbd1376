import { hasCode } from '@touchstone/errors';
import { decodeRevocation } from './revocation';

const TOKEN = 'eyJh.eyJi.AA-_';

describe('decodeRevocation', () => {
  it.each([
    TOKEN,
    ` ${TOKEN}\n`,
    JSON.stringify(TOKEN),
    JSON.stringify({ token: TOKEN }),
    `token=${TOKEN}`,
    `token_type_hint=access_token&token=${TOKEN}`,
  ])('reads %j', (body) => {
    expect(decodeRevocation(body)).toBe(TOKEN);
  });

  it.each([
    ['', 'ATTEST_MEMBER_MISSING'],
    ['{}', 'ATTEST_MEMBER_MISSING'],
    ['{"token":1}', 'ATTEST_MEMBER_INVALID'],
    ['{"token":"a","Token":"b"}', 'ATTEST_MEMBER_REPEATED'],
    ['token=', 'ATTEST_MEMBER_MISSING'],
    ['tok=a', 'ATTEST_MEMBER_MISSING'],
    ['token=a&token=b', 'ATTEST_MEMBER_REPEATED'],
    ['{', 'CLAIMS_JSON_MALFORMED'],
  ])('refuses %j', (body, code) => {
    let refused: unknown;
    try {
      decodeRevocation(body);
    } catch (error) {
      refused = hasCode(error) ? error.code : error;
    }
    expect(refused).toBe(code);
  });
});
