import fc from 'fast-check';
import { fromUtf8, toUtf8 } from '@touchstone/bytes';
import { codeOf } from '../__fixtures__/code-of';
import { LOGIC_REVISION, encodeBundle, parseBundle } from './bundle';

const BUNDLE = {
  role: 'quoting-enclave',
  revision: LOGIC_REVISION,
  ppidKeys: { rsa3072: Uint8Array.of(1, 2), rsa2048: Uint8Array.of(3) },
} as const;

describe('an architectural bundle', () => {
  it('round-trips', () => {
    expect(parseBundle(encodeBundle(BUNDLE))).toEqual(BUNDLE);
  });

  it('round-trips with a list of signers', () => {
    const mrSigner = new Uint8Array(32).fill(7);
    const listed = [{ mrSigner, provisioning: true }];
    const launch = { role: 'launch-enclave', revision: LOGIC_REVISION, listed } as const;
    expect(parseBundle(encodeBundle(launch))).toEqual(launch);
  });

  it.each([
    ['a signer that is none', { ...BUNDLE, listed: [{ mrSigner: 'AA', provisioning: true }] }],
    ['another role', { ...BUNDLE, role: 'service-enclave' }],
    ['another revision', { ...BUNDLE, revision: LOGIC_REVISION + 1 }],
    [
      'keys that are none',
      { role: BUNDLE.role, revision: LOGIC_REVISION, ppidKeys: { rsa3072: 1 } },
    ],
  ])('is refused with %s', (_name, value) => {
    const bytes = fromUtf8(JSON.stringify(value));
    expect(codeOf(() => parseBundle(bytes))).toBe('ENCLAVE_NOT_ARCHITECTURAL bundle');
  });

  it('is refused when it is too long', () => {
    const bytes = fromUtf8(toUtf8(encodeBundle(BUNDLE)) + ' '.repeat(16 * 1024));
    expect(codeOf(() => parseBundle(bytes))).toBe('ENCLAVE_NOT_ARCHITECTURAL bundle');
  });

  it('is nothing that random bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(codeOf(() => parseBundle(bytes))).toBe('ENCLAVE_NOT_ARCHITECTURAL bundle');
      }),
    );
  });
});
