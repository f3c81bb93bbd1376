import fc from 'fast-check';
import { hasCode } from '@touchstone/errors';
import { decodePreviewAttestRequest, parseTee } from './preview';
import { decodeRevocation } from './revocation';

/** Either a value or a coded error: never a failure of ours. */
function settles(work: () => unknown): boolean {
  try {
    work();
    return true;
  } catch (error) {
    return hasCode(error);
  }
}

const member = fc.oneof(fc.base64String(), fc.string(), fc.jsonValue());

describe('requests of anybody', () => {
  it('to attest are read or refused', () => {
    const body = fc.oneof(
      fc.jsonValue(),
      fc.record({ Quote: member, EnclaveHeldData: member }, { requiredKeys: [] }),
    );
    fc.assert(fc.property(body, (value) => settles(() => decodePreviewAttestRequest(value))));
  });

  it('to revoke are read or refused', () => {
    const body = fc.oneof(
      fc.string(),
      fc.json(),
      fc.string().map((token) => `token=${token}`),
    );
    fc.assert(fc.property(body, (text) => settles(() => decodeRevocation(text))));
  });

  it('name a type or do not', () => {
    fc.assert(fc.property(fc.string(), (text) => settles(() => parseTee(text))));
  });

  it('carry bytes through as they were', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1 }),
        fc.uint8Array({ minLength: 1 }),
        (quote, held) => {
          const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
          const body = { Quote: text(quote), EnclaveHeldData: text(held) };
          const { evidence, runtimeData } = decodePreviewAttestRequest(body);
          expect([evidence, runtimeData?.bytes]).toEqual([quote, held]);
        },
      ),
    );
  });
});
