import fc from 'fast-check';
import { fromUtf8 } from '@touchstone/bytes';
import type { Enclave, SealPolicy } from '@touchstone/enclave-sdk';
import { EnclaveSdkError } from '@touchstone/enclave-sdk';
import { KeyName, KeyPolicy, encodeSealedData, parseSealedData } from '@touchstone/quote';
import {
  type BareProcessorOptions,
  type SdkEnclaveOptions,
  aBareProcessor,
  anEnclaveOn,
  expectCode,
} from './index';

const kss = { extendedProductId: new Uint8Array(16).fill(1), familyId: new Uint8Array(16).fill(2) };
const SECRET = fromUtf8('what nobody else may read');
const LABEL = fromUtf8('what anybody may read');

const enclave = (processor: BareProcessorOptions = {}, options: SdkEnclaveOptions = {}): Enclave =>
  anEnclaveOn(aBareProcessor(processor), options);

const sealedBy = (by: Enclave, policy: SealPolicy): Uint8Array =>
  by.seal(SECRET, { policy, additionalData: LABEL });

describe.each<SealPolicy>(['mrenclave', 'mrsigner'])('what is sealed with policy %s', (policy) => {
  const first = enclave();
  const blob = sealedBy(first, policy);

  it('opens where it was sealed, with what was sealed in clear', () => {
    expect(first.unseal(blob)).toEqual({ data: SECRET, additionalData: LABEL, policy });
  });

  it.each<[string, BareProcessorOptions, SdkEnclaveOptions]>([
    ['after a restart', { life: 'second' }, {}],
    ['after an upgrade of the enclave', {}, { manifest: { svn: 4 } }],
    ['after a TCB recovery of the processor', { svn: 5 }, {}],
    ['after both', { life: 'second', svn: 5 }, { manifest: { svn: 9 } }],
  ])('opens %s', (_when, processor, options) => {
    expect(enclave(processor, options).unseal(blob).data).toEqual(SECRET);
  });

  it.each<[string, BareProcessorOptions, SdkEnclaveOptions, string]>([
    ['the older version of the enclave', {}, { manifest: { svn: 2 } }, 'isvSvn'],
    ['the processor of before its TCB recovery', { svn: 3 }, {}, 'cpuSvn'],
  ])('stays closed to %s', (_who, processor, options, field) => {
    const older = enclave(processor, options);
    const error = expectCode(() => older.unseal(blob), EnclaveSdkError, 'SEALED_BLOB_SVN_BEYOND');
    expect(error.field).toBe(field);
  });

  it.each<[string, BareProcessorOptions, SdkEnclaveOptions]>([
    ['another processor', { fuses: 'two' }, {}],
    ['the same processor of another owner', { ownerEpoch: 1 }, {}],
    ['another product of the signer', {}, { manifest: { productId: 8 } }],
    ['a debug version', {}, { manifest: { debug: true }, debug: true }],
  ])('stays closed to %s', (_who, processor, options) => {
    const other = enclave(processor, options);
    expectCode(() => other.unseal(blob), EnclaveSdkError, 'SEALED_BLOB_TAG_MISMATCH');
  });

  it('is another blob each time', () => {
    expect(sealedBy(first, policy)).not.toEqual(blob);
  });

  it('holds any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (data, additionalData) => {
        const opened = first.unseal(first.seal(data, { policy, additionalData }));
        expect(opened).toEqual({ data, additionalData, policy });
      }),
    );
  });

  it('never opens with a bit flipped', () => {
    fc.assert(
      fc.property(fc.nat(blob.length - 1), fc.nat(7), (offset, bit) => {
        const changed = Uint8Array.from(blob);
        changed[offset] = (changed[offset] ?? 0) ^ (1 << bit);
        expect(() => first.unseal(changed)).toThrow(EnclaveSdkError);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a seal', () => {
  const first = enclave();
  const changed = { code: 'other code' };

  it('with policy mrenclave is for that enclave, with mrsigner for all of its signer', () => {
    const other = enclave({}, changed);
    expect(other.unseal(sealedBy(first, 'mrsigner')).data).toEqual(SECRET);
    expectCode(
      () => other.unseal(sealedBy(first, 'mrenclave')),
      EnclaveSdkError,
      'SEALED_BLOB_TAG_MISMATCH',
    );
  });

  it('with policy mrsigner is not for the same enclave of another signer', () => {
    const other = enclave({}, { author: 'somebody else' });
    expectCode(
      () => other.unseal(sealedBy(first, 'mrsigner')),
      EnclaveSdkError,
      'SEALED_BLOB_TAG_MISMATCH',
    );
    expect(other.unseal(sealedBy(first, 'mrenclave')).data).toEqual(SECRET);
  });

  it.each<[string, SdkEnclaveOptions]>([
    ['configuration', { configId: new Uint8Array(64).fill(9) }],
    ['family', { manifest: { kss: { ...kss, familyId: new Uint8Array(16).fill(3) } } }],
    ['extended product', { manifest: { kss: { ...kss, extendedProductId: new Uint8Array(16) } } }],
  ])('of a KSS enclave is for its %s alone', (_what, options) => {
    const own = enclave({}, { manifest: { kss } });
    const other = enclave({}, { manifest: { kss }, ...options });
    const blob = sealedBy(own, 'mrsigner');
    expect(own.unseal(blob).data).toEqual(SECRET);
    expectCode(() => other.unseal(blob), EnclaveSdkError, 'SEALED_BLOB_TAG_MISMATCH');
  });

  it('of a KSS enclave opens under a later CONFIGSVN, and not under an earlier one', () => {
    const at = (configSvn: number) => enclave({}, { manifest: { kss }, configSvn });
    const blob = sealedBy(at(2), 'mrenclave');
    expect(at(3).unseal(blob).data).toEqual(SECRET);
    expectCode(() => at(1).unseal(blob), EnclaveSdkError, 'SEALED_BLOB_SVN_BEYOND');
  });

  it('has the layout and the masks of the Intel SDK', () => {
    const blob = sealedBy(first, 'mrsigner');
    const view = new DataView(blob.buffer, blob.byteOffset);
    expect(blob.length).toBe(560 + SECRET.length + LABEL.length);
    expect(view.getUint16(0, true)).toBe(KeyName.SEAL);
    expect(view.getUint16(2, true)).toBe(KeyPolicy.MRSIGNER);
    expect(view.getBigUint64(24, true)).toBe(0xff00_0000_0000_000bn);
    expect(view.getBigUint64(32, true)).toBe(0n);
    expect(view.getUint32(72, true)).toBe(0xf000_0000);
    expect(view.getUint32(512, true)).toBe(SECRET.length);
    expect(view.getUint32(528, true)).toBe(SECRET.length + LABEL.length);
    expect(blob.slice(560 + SECRET.length)).toEqual(LABEL);
  });

  it.each([
    ['a report key', { keyName: KeyName.REPORT }, 'keyName'],
    ['a key that is bound to nobody', { keyPolicy: 0 }, 'keyPolicy'],
  ])('under %s is refused', (_what, change, field) => {
    const sealed = parseSealedData(sealedBy(first, 'mrsigner'));
    const forged = encodeSealedData({ ...sealed, keyRequest: { ...sealed.keyRequest, ...change } });
    const error = expectCode(() => first.unseal(forged), EnclaveSdkError, 'SEALED_BLOB_MALFORMED');
    expect(error.field).toBe(field);
  });

  it('that asks for a key which the processor refuses is like any that does not fit', () => {
    const sealed = parseSealedData(sealedBy(first, 'mrsigner'));
    const keyRequest = { ...sealed.keyRequest, keyPolicy: KeyPolicy.MRSIGNER | KeyPolicy.CONFIGID };
    expectCode(
      () => first.unseal(encodeSealedData({ ...sealed, keyRequest })),
      EnclaveSdkError,
      'SEALED_BLOB_TAG_MISMATCH',
    );
  });

  it.each([0, 559])('of %i bytes is none', (length) => {
    expectCode(
      () => first.unseal(new Uint8Array(length)),
      EnclaveSdkError,
      'SEALED_BLOB_MALFORMED',
    );
  });
});
