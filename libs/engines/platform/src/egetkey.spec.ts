import fc from 'fast-check';
import { toHex } from '@touchstone/bytes';
import {
  AttributeFlag,
  KeyName,
  KeyPolicy,
  attributes,
  encodeKeyRequest,
  type KeyRequest,
} from '@touchstone/quote';
import { codeOf } from './__fixtures__/code-of';
import { CPU_SVN, load, type Wish } from './__fixtures__/enclaves';
import { VENDOR_KEY } from './__fixtures__/keys';

const { MODE64BIT, KSS, PROVISION_KEY, EINITTOKEN_KEY } = AttributeFlag;
const { ISVFAMILYID } = KeyPolicy;

const bytes = (length: number, fill: number): Uint8Array => new Uint8Array(length).fill(fill);

/** Privileged and KSS, so that one enclave can ask for every key with every policy. */
const RICH: Wish = {
  flags: MODE64BIT | KSS | PROVISION_KEY | EINITTOKEN_KEY,
  key: VENDOR_KEY,
  configId: bytes(64, 0xcf),
  configSvn: 6,
  content: { isvFamilyId: bytes(16, 0xfa), isvExtProdId: bytes(16, 0xe7) },
};

const REQUEST: KeyRequest = {
  keyName: KeyName.SEAL,
  keyPolicy: 0,
  isvSvn: 4,
  cpuSvn: CPU_SVN,
  attributeMask: attributes(0xffff_ffff_ffff_fffbn, 0xffff_ffff_ffff_ffffn),
  keyId: bytes(32, 0x1d),
  miscMask: 0xffff_ffff,
  configSvn: 5,
};

/** The key that the rich enclave gets, as hex. */
const keyOf = (request: Partial<KeyRequest>): string =>
  toHex(load(RICH).running.egetkey(encodeKeyRequest({ ...REQUEST, ...request })));

const NAMES = Object.values(KeyName);

describe('EGETKEY', () => {
  it('gives five keys for five names', () => {
    expect(new Set(NAMES.map((keyName) => keyOf({ keyName }))).size).toBe(5);
  });

  it('refuses SVNs of the future, component by component', () => {
    const from = fc.record({ at: fc.nat(15), above: fc.integer({ min: 1, max: 251 }) });
    const { running } = load();
    fc.assert(
      fc.property(from, ({ at, above }) => {
        const cpuSvn = bytes(16, 0);
        cpuSvn[at] = 4 + above;
        const request = encodeKeyRequest({ ...REQUEST, configSvn: 0, cpuSvn });
        expect(codeOf(() => running.egetkey(request))).toBe('SGX_INVALID_CPUSVN CPUSVN');
      }),
    );
  });

  it.each([
    ['a name that is no key', { keyName: 5 }, {}, 'SGX_INVALID_KEYNAME KEYNAME'],
    ['an ISVSVN beyond the enclave', { isvSvn: 6 }, {}, 'SGX_INVALID_ISVSVN ISVSVN'],
    ['a CONFIGSVN beyond the enclave', { configSvn: 7 }, RICH, 'SGX_INVALID_ISVSVN CONFIGSVN'],
    ['a reserved policy bit', { keyPolicy: 0x40 }, RICH, 'SGX_GP KEYPOLICY'],
    ['a KSS policy without KSS', { keyPolicy: ISVFAMILYID, configSvn: 0 }, {}, 'SGX_GP KEYPOLICY'],
    ['Provisioning without the attribute', { keyName: 1 }, {}, 'SGX_INVALID_ATTRIBUTE ATTRIBUTES'],
    [
      'Provisioning Seal without the attribute',
      { keyName: 2 },
      {},
      'SGX_INVALID_ATTRIBUTE ATTRIBUTES',
    ],
    ['a launch key without the attribute', { keyName: 0 }, {}, 'SGX_INVALID_ATTRIBUTE ATTRIBUTES'],
  ])('refuses %s', (_name, change, wish, code) => {
    const { running } = load(wish);
    const request = encodeKeyRequest({ ...REQUEST, configSvn: 0, ...change });
    expect(codeOf(() => running.egetkey(request))).toBe(code);
  });

  it.each([
    ['a short request', (request: Uint8Array) => request.subarray(1), 'keyRequest'],
    [
      'reserved bytes',
      (request: Uint8Array) => request.map((b, i) => (i === 78 ? 1 : b)),
      'reserved2',
    ],
  ])('refuses %s', (_name, change, field) => {
    const { running } = load();
    expect(codeOf(() => running.egetkey(change(encodeKeyRequest(REQUEST))))).toBe(
      `SGX_GP ${field}`,
    );
  });
});
