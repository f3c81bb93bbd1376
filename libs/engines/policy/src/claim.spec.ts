import { claimKey, claimOf } from './claim';

describe('claimKey', () => {
  it('is the same for equal claims, in whichever way an integer is kept', () => {
    expect(claimKey(claimOf('t', 7, 'i'))).toBe(claimKey(claimOf('t', 7n, 'i')));
  });

  it.each([
    ['another type', claimOf('u', 'v', 'i'), claimOf('t', 'v', 'i')],
    ['another issuer', claimOf('t', 'v', 'j'), claimOf('t', 'v', 'i')],
    ['text and not a number', claimOf('t', '7', 'i'), claimOf('t', 7, 'i')],
    ['letters that moved from type to issuer', claimOf('ab', 'v', 'c'), claimOf('a', 'v', 'bc')],
    ['letters that moved from issuer to value', claimOf('a', 'c', 'b'), claimOf('a', '', 'bc')],
    ['lengths inside a text', claimOf('1 1 false a', 'v', ''), claimOf('1', 'v', '1 false a')],
    ['read-only', { ...claimOf('t', 'v', 'i'), readOnly: true }, claimOf('t', 'v', 'i')],
  ])('differs for %s', (_name, one, other) => {
    expect(claimKey(one)).not.toBe(claimKey(other));
  });
});
