import { parseReleasePolicyText } from './parse-release-policy';
import { authoritiesFor } from './release-policy';

const entry = (authority: string) => ({ authority, allOf: [{ claim: 'c', equals: 'v' }] });
const policyOf = (...authorities: string[]) =>
  parseReleasePolicyText(JSON.stringify({ version: '1.0.0', anyOf: authorities.map(entry) }));

describe('authoritiesFor', () => {
  it.each([
    ['https://a.test', 'https://a.test', 1],
    ['https://a.test/', 'https://a.test', 1],
    ['https://a.test', 'https://a.test/', 1],
    ['https://a.test//', 'https://a.test', 0],
    ['https://a.test', 'https://A.test', 0],
    ['https://a.test/p', 'https://a.test', 0],
    ['https://a.test', 'https://a.test.evil.test', 0],
    ['https://a.test', '', 0],
  ])('authority %s and issuer %s give %i', (authority, issuer, count) => {
    expect(authoritiesFor(policyOf(authority), issuer)).toHaveLength(count);
  });

  it('gives every entry of that authority, in order', () => {
    const found = authoritiesFor(
      policyOf('https://a.test', 'https://b.test', 'https://a.test/'),
      'https://a.test',
    );
    expect(found.map(({ authority }) => authority)).toEqual(['https://a.test', 'https://a.test/']);
  });
});
