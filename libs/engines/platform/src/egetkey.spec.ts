import fc from 'fast-check';
import { toHex } from '@touchstone/bytes';
import {
  AttributeFlag,
  KeyName,
  KeyPolicy,
  XfrmFlag,
  attributes,
  encodeKeyRequest,
  type KeyRequest,
} from '@touchstone/quote';
import { codeOf } from './__fixtures__/code-of';
import { CPU_SVN, aLayout, aProcessor, load, type Wish } from './__fixtures__/enclaves';
import { AUTHOR_KEY, VENDOR_KEY } from './__fixtures__/keys';
import type { EnclaveInstructions, ProcessorOptions } from './processor';
import { pceIdentity, provisioningKey, ARCHITECTURAL_ATTRIBUTE_MASK } from './provisioning';
import { mrSignerOfKey } from './sigstruct-signature';

const { MODE64BIT, KSS, PROVISION_KEY, EINITTOKEN_KEY } = AttributeFlag;
const { MRENCLAVE, MRSIGNER, NOISVPRODID, CONFIGID, ISVFAMILYID, ISVEXTPRODID } = KeyPolicy;

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

interface Change {
  readonly wish?: Wish;
  readonly request?: Partial<KeyRequest>;
  readonly processor?: Partial<ProcessorOptions<EnclaveInstructions>>;
}

/** The key that an enclave gets, as hex; by default the rich one on the default processor. */
function keyOf({ wish = {}, request = {}, processor = {} }: Change = {}): string {
  const content = { ...RICH.content, ...wish.content };
  const enclave = load({ ...RICH, ...wish, content }, aProcessor(processor));
  return toHex(enclave.running.egetkey(encodeKeyRequest({ ...REQUEST, ...request })));
}

const NAMES = {
  launch: KeyName.EINITTOKEN,
  provision: KeyName.PROVISION,
  provisionSeal: KeyName.PROVISION_SEAL,
  report: KeyName.REPORT,
  seal: KeyName.SEAL,
} as const;
type Name = keyof typeof NAMES;

/** Every input of the table "derivation inputs", changed alone, and the keys that it must change without any policy. */
const INPUTS: readonly [string, Change, readonly Name[]][] = [
  ['KEYID', { request: { keyId: bytes(32, 0x2d) } }, ['launch', 'report', 'seal']],
  [
    'requested CPUSVN',
    { request: { cpuSvn: bytes(16, 3) } },
    ['launch', 'provision', 'provisionSeal', 'seal'],
  ],
  [
    'requested ISVSVN',
    { request: { isvSvn: 3 } },
    ['launch', 'provision', 'provisionSeal', 'seal'],
  ],
  ['current CPUSVN', { processor: { cpuSvn: bytes(16, 5) } }, ['report']],
  ['the owner epoch', { processor: { ownerEpoch: bytes(16, 1) } }, ['launch', 'report', 'seal']],
  [
    'root seal key',
    { processor: { rootSealKey: bytes(16, 1) } },
    ['launch', 'provisionSeal', 'report', 'seal'],
  ],
  [
    'root provisioning key',
    { processor: { rootProvisioningKey: bytes(16, 1) } },
    ['provision', 'provisionSeal'],
  ],
  ['MRENCLAVE', { wish: { layout: aLayout(0xc1) } }, ['report']],
  ['MRSIGNER', { wish: { key: AUTHOR_KEY } }, ['launch', 'provision', 'provisionSeal']],
  [
    'ISVPRODID',
    { wish: { content: { isvProdId: 8 } } },
    ['launch', 'provision', 'provisionSeal', 'seal'],
  ],
  ['ISVSVN of the enclave', { wish: { content: { isvSvn: 6 } } }, []],
  ['DEBUG', { wish: { debug: true } }, ['launch', 'provision', 'provisionSeal', 'report', 'seal']],
  [
    'XFRM',
    { wish: { xfrm: XfrmFlag.LEGACY | XfrmFlag.AVX } },
    ['launch', 'provision', 'provisionSeal', 'report', 'seal'],
  ],
  [
    'MISCSELECT',
    { wish: { miscSelect: 1 } },
    ['launch', 'provision', 'provisionSeal', 'report', 'seal'],
  ],
  [
    'the mask itself',
    { request: { attributeMask: attributes(0xffff_ffff_ffff_feffn, 0xffff_ffff_ffff_ffffn) } },
    ['launch', 'provision', 'provisionSeal', 'seal'],
  ],
  [
    'the misc mask itself',
    { request: { miscMask: 0xffff_fffe } },
    ['provision', 'provisionSeal', 'seal'],
  ],
  ['CONFIGID', { wish: { configId: bytes(64, 0xcd) } }, ['report']],
  ['CONFIGSVN of the enclave', { wish: { configSvn: 7 } }, ['report']],
  ['requested CONFIGSVN', { request: { configSvn: 4 } }, []],
  ['ISVFAMILYID', { wish: { content: { isvFamilyId: bytes(16, 1) } } }, []],
  ['ISVEXTPRODID', { wish: { content: { isvExtProdId: bytes(16, 1) } } }, []],
  ['KEYPOLICY', { request: { keyPolicy: NOISVPRODID } }, ['provisionSeal', 'seal']],
];

describe('EGETKEY', () => {
  const privileged = {
    launchControl: { privilegedSigners: [VENDOR_KEY, AUTHOR_KEY].map(mrSignerOfKey) },
  };

  describe.each(Object.entries(NAMES) as [Name, number][])('for a %s key', (name, keyName) => {
    const base = keyOf({ request: { keyName } });

    it.each(INPUTS)('depends on %s as the table says', (_input, change, names) => {
      const key = keyOf({
        ...change,
        processor: { ...privileged, ...change.processor },
        request: { ...change.request, keyName },
      });
      expect(key !== base).toBe(names.includes(name));
    });
  });

  it('gives five keys for five names', () => {
    expect(
      new Set(Object.values(NAMES).map((keyName) => keyOf({ request: { keyName } }))).size,
    ).toBe(5);
  });

  describe.each([
    ['seal', KeyName.SEAL],
    ['provisioning seal', KeyName.PROVISION_SEAL],
  ])('with a policy, for a %s key', (_name, keyName) => {
    const under = (keyPolicy: number, change: Change = {}): string =>
      keyOf({
        ...change,
        processor: privileged,
        request: { ...change.request, keyName, keyPolicy },
      });

    it.each([
      ['CONFIGID', CONFIGID, { wish: { configId: bytes(64, 1) } }],
      ['CONFIGID', CONFIGID, { request: { configSvn: 4 } }],
      ['ISVFAMILYID', ISVFAMILYID, { wish: { content: { isvFamilyId: bytes(16, 1) } } }],
      ['ISVEXTPRODID', ISVEXTPRODID, { wish: { content: { isvExtProdId: bytes(16, 1) } } }],
    ])('%s binds the key to it', (_policy, keyPolicy, change: Change) => {
      expect(under(keyPolicy, change)).not.toBe(under(keyPolicy));
    });

    it('NOISVPRODID leaves the product out', () => {
      const other = { wish: { content: { isvProdId: 8 } } };
      expect(under(NOISVPRODID, other)).toBe(under(NOISVPRODID));
    });

    it('CONFIGID does not bind to the CONFIGSVN of the enclave, so that old data can be read', () => {
      expect(under(CONFIGID, { wish: { configSvn: 7 } })).toBe(under(CONFIGID));
    });
  });

  it('binds a seal key to the enclave or to the signer by policy', () => {
    const other = { wish: { layout: aLayout(0xc1) } };
    const stranger = { wish: { key: AUTHOR_KEY }, processor: privileged };
    const under = (keyPolicy: number, change: Change): string =>
      keyOf({ ...change, request: { keyPolicy } });
    expect(under(MRENCLAVE, other)).not.toBe(under(MRENCLAVE, {}));
    expect(under(MRSIGNER, other)).toBe(under(MRSIGNER, {}));
    expect(under(MRSIGNER, stranger)).not.toBe(under(MRSIGNER, {}));
    expect(under(MRENCLAVE, stranger)).toBe(under(MRENCLAVE, {}));
  });

  it('always tells INIT and DEBUG apart, whatever the mask says', () => {
    const blind = { attributeMask: attributes(0n, 0n) };
    expect(keyOf({ request: blind, wish: { debug: true } })).not.toBe(keyOf({ request: blind }));
  });

  it('gives the provisioning key that the authority derives', () => {
    const { flags, xfrm } = ARCHITECTURAL_ATTRIBUTE_MASK;
    const fromInside = keyOf({
      request: { keyName: KeyName.PROVISION, attributeMask: attributes(flags, xfrm) },
    });
    const identity = {
      ...pceIdentity(mrSignerOfKey(VENDOR_KEY)),
      isvProdId: 7,
      attributes: load(RICH).identity.attributes,
    };
    const fromOutside = provisioningKey(bytes(16, 0x11), identity, { cpuSvn: CPU_SVN, isvSvn: 4 });
    expect(toHex(fromOutside)).toBe(fromInside);
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
