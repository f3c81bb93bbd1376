import { hasCode } from '@touchstone/errors';
import {
  API_VERSIONS,
  PREVIEW_API_VERSIONS,
  SERVICE_HEALTH_VERSIONS,
  TCB_BASELINE_VERSIONS,
  parseApiVersion,
} from './api-version';

function codeOf(
  value: string | undefined,
  versions: readonly string[] = API_VERSIONS,
): string | undefined {
  try {
    parseApiVersion(value, versions);
    return undefined;
  } catch (error) {
    return hasCode(error) ? error.code : String(error);
  }
}

describe('parseApiVersion', () => {
  it.each([...API_VERSIONS])('knows %s', (version) => {
    expect(parseApiVersion(version, API_VERSIONS)).toBe(version);
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

  it.each([
    ['the operations of the preview', PREVIEW_API_VERSIONS, ['2018-09-01-preview']],
    [
      'baselines',
      TCB_BASELINE_VERSIONS,
      ['2022-09-01-preview', '2023-04-01-preview', '2025-06-01', '2026-03-11-preview'],
    ],
    ['health', SERVICE_HEALTH_VERSIONS, ['2026-03-11-preview']],
  ])('takes for %s the versions that have them', (_name, versions, expected) => {
    const all = [...PREVIEW_API_VERSIONS, ...API_VERSIONS];
    expect(all.filter((version) => codeOf(version, versions) === undefined)).toEqual(expected);
  });
});
