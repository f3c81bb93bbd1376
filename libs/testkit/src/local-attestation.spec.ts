import fc from 'fast-check';
import { concat, fromUtf8, toHex } from '@touchstone/bytes';
import { EnclaveSdkError, configIdOf } from '@touchstone/enclave-sdk';
import { aBareProcessor, anEnclaveOn, expectCode } from './index';

const processor = aBareProcessor();
const alice = anEnclaveOn(processor, { code: 'alice' });
const bob = anEnclaveOn(processor, { code: 'bob', author: 'another author' });
const SAID = fromUtf8('said by alice');
const toBob = (): Uint8Array => alice.getReport(bob.ownTargetInfo(), SAID);

describe('local attestation, between two enclaves of one processor', () => {
  it('is mutual: each proves to the other who it is and what it says', () => {
    const asked = alice.getReport(bob.ownTargetInfo(), SAID);
    const seenByBob = bob.verifyReport(asked);
    const answered = bob.getReport(alice.ownTargetInfo(), seenByBob.reportData);
    const seenByAlice = alice.verifyReport(answered);
    expect(toHex(seenByBob.mrEnclave)).toBe(toHex(alice.identity().mrEnclave));
    expect(toHex(seenByAlice.mrEnclave)).toBe(toHex(bob.identity().mrEnclave));
    expect(toHex(seenByAlice.mrSigner)).toBe(toHex(bob.identity().mrSigner));
    expect(seenByBob.reportData).toEqual(concat(SAID, new Uint8Array(64 - SAID.length)));
    expect(seenByAlice.reportData).toEqual(seenByBob.reportData);
    expect(seenByBob).toMatchObject({ isvProdId: 7, isvSvn: 3, debug: false });
  });

  it.each([
    ['on another processor', aBareProcessor({ fuses: 'two' }), {}],
    ['after the power cycle of a TCB recovery', aBareProcessor({ life: 'second', svn: 5 }), {}],
    ['by a changed enclave', processor, { code: 'bob!' }],
    ['by its debug version', processor, { manifest: { debug: true }, debug: true }],
    ['replayed to another target', processor, { code: 'carol' }],
  ])('is not believed %s', (_where, where, options) => {
    const other = anEnclaveOn(where, { code: 'bob', author: 'another author', ...options });
    expectCode(() => other.verifyReport(toBob()), EnclaveSdkError, 'REPORT_MAC_MISMATCH');
  });

  it('is not believed by the one who said it', () => {
    expectCode(() => alice.verifyReport(toBob()), EnclaveSdkError, 'REPORT_MAC_MISMATCH');
  });

  it('does not take a changed enclave for the one before', () => {
    const changed = anEnclaveOn(processor, { code: 'alice!' });
    const seen = bob.verifyReport(changed.getReport(bob.ownTargetInfo(), SAID));
    expect(toHex(seen.mrEnclave)).not.toBe(toHex(alice.identity().mrEnclave));
  });

  it('is not believed after any flipped bit', () => {
    const report = toBob();
    fc.assert(
      fc.property(fc.nat(report.length - 1), fc.nat(7), (offset, bit) => {
        const changed = Uint8Array.from(report);
        changed[offset] = (changed[offset] ?? 0) ^ (1 << bit);
        expectCode(() => bob.verifyReport(changed), EnclaveSdkError, 'REPORT_MAC_MISMATCH');
      }),
      { numRuns: 300 },
    );
  });

  it.each([0, 431, 433])('is no report with %i bytes', (length) => {
    expectCode(() => bob.verifyReport(new Uint8Array(length)), EnclaveSdkError, 'REPORT_MALFORMED');
  });

  it('has room for 64 bytes, and for targets that are such', () => {
    const target = bob.ownTargetInfo();
    expect(
      bob.verifyReport(alice.getReport(target, new Uint8Array(64).fill(7))).reportData,
    ).toEqual(new Uint8Array(64).fill(7));
    expectCode(
      () => alice.getReport(target, new Uint8Array(65)),
      EnclaveSdkError,
      'REPORT_DATA_INVALID',
    );
    for (const broken of [target.subarray(1), target.fill(1, 500)]) {
      expectCode(() => alice.getReport(broken, SAID), EnclaveSdkError, 'TARGET_INFO_MALFORMED');
    }
  });
});

describe('an enclave that is loaded for a configuration', () => {
  const kss = { extendedProductId: new Uint8Array(16), familyId: new Uint8Array(16).fill(4) };
  const loaded = (configId?: Uint8Array) =>
    anEnclaveOn(processor, { manifest: { kss }, ...(configId && { configId }) });

  it('tells it to its neighbours', () => {
    const configId = new Uint8Array(64).fill(0xc0);
    const seen = bob.verifyReport(loaded(configId).getReport(bob.ownTargetInfo(), SAID));
    expect(seen).toMatchObject({ configId, isvFamilyId: kss.familyId, configSvn: 0 });
  });

  it('takes no other', () => {
    const configuration = fromUtf8('whom to trust');
    const own = loaded(configIdOf(configuration));
    own.verifyConfiguration(configuration);
    for (const [who, what] of [
      [own, fromUtf8('whom else to trust')],
      [loaded(), configuration],
    ] as const) {
      expectCode(() => who.verifyConfiguration(what), EnclaveSdkError, 'CONFIGURATION_MISMATCH');
    }
  });
});
