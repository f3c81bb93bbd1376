import { hasCode } from '@touchstone/errors';
import { API_VERSIONS, parseApiVersion } from './api-version';

function codeOf(value: string | undefined): string | undefined {
  try {
    parseApiVersion(value);
    return undefined;
  } catch (error) {
    return hasCode(error) ? error.code : String(error);
  }
}

describe('parseApiVersion', () => {
  it.each([...API_VERSIONS])('knows %s', (version) => {
    expect(parseApiVersion(version)).toBe(version);
  });

  it.each([
    [undefined, 'ATTEST_API_VERSION_MISSING'],
    ['', 'ATTEST_API_VERSION_MISSING'],
    ['2020-10-02', 'ATTEST_API_VERSION_UNKNOWN'],
    ['2020-10-01 ', 'ATTEST_API_VERSION_UNKNOWN'],
    ['2018-09-01-preview', 'ATTEST_API_VERSION_UNKNOWN'],
  ])('refuses %j', (value, code) => {
    expect(codeOf(value)).toBe(code);
  });
});
