import fc from 'fast-check';
import { hasCode } from '@touchstone/errors';
import { parseRevocationList, revocationList, revocationListUri } from './revocation';

function settles(work: () => unknown): boolean {
  try {
    work();
    return true;
  } catch (error) {
    return hasCode(error, 'TOKEN_REVOCATIONS_INVALID');
  }
}

describe('documents of an authority', () => {
  it('are read or refused', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), (value, uri) => {
        const named = { revocation_list_uri: uri };
        return (
          settles(() => parseRevocationList(value)) &&
          settles(() => revocationListUri(value, 'https://a.test')) &&
          settles(() => revocationListUri(named, 'https://a.test'))
        );
      }),
    );
  });

  it('lose no digest', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.base64String()), (digests) => {
        const read = parseRevocationList(JSON.parse(JSON.stringify(revocationList(digests))));
        expect([...read]).toEqual(digests);
      }),
    );
  });
});
