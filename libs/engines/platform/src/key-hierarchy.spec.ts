import fc from 'fast-check';
import { toHex } from '@touchstone/bytes';
import {
  AttributeFlag,
  KeyName,
  KeyPolicy,
  XfrmFlag,
  attributes,
  encodeKeyRequest,
} from '@touchstone/quote';
import { type KeyWorld, aKeyWorld } from './__fixtures__/key-worlds';
import { egetkey } from './egetkey';
import { createCore } from './processor-core';
import {
  ARCHITECTURAL_ATTRIBUTE_MASK,
  ARCHITECTURAL_MISC_MASK,
  provisioningKey,
} from './provisioning';

const KEYS = {
  launch: KeyName.EINITTOKEN,
  provisioning: KeyName.PROVISION,
  'provisioning seal': KeyName.PROVISION_SEAL,
  report: KeyName.REPORT,
  seal: KeyName.SEAL,
} as const;
type Key = keyof typeof KEYS;
const NAMES = Object.keys(KEYS) as Key[];
const [L, P, PS, R, S] = NAMES as [Key, Key, Key, Key, Key];

function keyOf(world: KeyWorld, key: Key): string {
  const { rootProvisioningKey, rootSealKey, cpuSvn, ownerEpoch, identity, request } = world;
  const fuses = { rootProvisioningKey, rootSealKey };
  const core = createCore({ fuses, cpuSvn, ownerEpoch, reportKeyId: new Uint8Array(32) });
  return toHex(egetkey(core, identity, encodeKeyRequest({ ...request, keyName: KEYS[key] })));
}

/** One byte of it, another one. */
const other = (value: Uint8Array, at: number, by: number): Uint8Array =>
  value.map((byte, i) => (i === at % value.length ? (byte + by) & 0xff : byte));

/** Where in a value to change, and by how much. */
type Nudge = readonly [at: number, by: number];
interface Input {
  readonly change: (world: KeyWorld, nudge: Nudge) => KeyWorld;
  /** Keys that it feeds in any case. */
  readonly always: readonly Key[];
  /** Keys that it feeds in such a world. */
  readonly sometimes?: readonly [
    keys: readonly Key[],
    when: (world: KeyWorld, nudge: Nudge) => boolean,
  ];
}

const secs = (world: KeyWorld, change: Partial<KeyWorld['identity']>): KeyWorld => ({
  ...world,
  identity: { ...world.identity, ...change },
});
const ask = (world: KeyWorld, change: Partial<KeyWorld['request']>): KeyWorld => ({
  ...world,
  request: { ...world.request, ...change },
});
const withFlag = (world: KeyWorld, flag: bigint): KeyWorld => {
  const { flags, xfrm } = world.identity.attributes;
  return secs(world, { attributes: { flags: flags ^ flag, xfrm } });
};
const policy = (bit: number) => (world: KeyWorld) => (world.request.keyPolicy & bit) !== 0;
const flagOf = ([at]: Nudge): bigint => 1n << BigInt(at % 64);

/** The table of derivation inputs (README, "Which field feeds which key"), each with a way to change it alone. */
const INPUTS: Readonly<Record<string, Input>> = {
  'root provisioning key': {
    change: (w, [at, by]) => ({ ...w, rootProvisioningKey: other(w.rootProvisioningKey, at, by) }),
    always: [P, PS],
  },
  'root seal key': {
    change: (w, [at, by]) => ({ ...w, rootSealKey: other(w.rootSealKey, at, by) }),
    always: [L, PS, R, S],
  },
  'owner epoch': {
    change: (w, [at, by]) => ({ ...w, ownerEpoch: other(w.ownerEpoch, at, by) }),
    always: [L, R, S],
  },
  'current CPUSVN': {
    change: (w, [at]) => ({
      ...w,
      cpuSvn: w.cpuSvn.map((svn, i) => svn + (i === at % 16 ? 1 : 0)),
    }),
    always: [R],
  },
  'requested CPUSVN': {
    change: (w, [at]) =>
      ask(w, { cpuSvn: w.request.cpuSvn.map((svn, i) => svn - (i === at % 16 ? 1 : 0)) }),
    always: [L, P, PS, S],
  },
  'ISVSVN of the enclave': {
    change: (w) => secs(w, { isvSvn: w.identity.isvSvn + 1 }),
    always: [],
  },
  'requested ISVSVN': {
    change: (w) => ask(w, { isvSvn: w.request.isvSvn - 1 }),
    always: [L, P, PS, S],
  },
  ISVPRODID: {
    change: (w) => secs(w, { isvProdId: w.identity.isvProdId + 1 }),
    always: [L, P],
    sometimes: [[PS, S], (w) => !policy(KeyPolicy.NOISVPRODID)(w)],
  },
  MRENCLAVE: {
    change: (w, [at, by]) => secs(w, { mrEnclave: other(w.identity.mrEnclave, at, by) }),
    always: [R],
    sometimes: [[S], policy(KeyPolicy.MRENCLAVE)],
  },
  MRSIGNER: {
    change: (w, [at, by]) => secs(w, { mrSigner: other(w.identity.mrSigner, at, by) }),
    always: [L, P, PS],
    sometimes: [[S], policy(KeyPolicy.MRSIGNER)],
  },
  CONFIGID: {
    change: (w, [at, by]) => secs(w, { configId: other(w.identity.configId, at, by) }),
    always: [R],
    sometimes: [[PS, S], policy(KeyPolicy.CONFIGID)],
  },
  'CONFIGSVN of the enclave': {
    change: (w) => secs(w, { configSvn: w.identity.configSvn + 1 }),
    always: [R],
  },
  'requested CONFIGSVN': {
    change: (w) => ask(w, { configSvn: w.request.configSvn - 1 }),
    always: [],
    sometimes: [[PS, S], policy(KeyPolicy.CONFIGID)],
  },
  ISVFAMILYID: {
    change: (w, [at, by]) => secs(w, { isvFamilyId: other(w.identity.isvFamilyId, at, by) }),
    always: [],
    sometimes: [[PS, S], policy(KeyPolicy.ISVFAMILYID)],
  },
  ISVEXTPRODID: {
    change: (w, [at, by]) => secs(w, { isvExtProdId: other(w.identity.isvExtProdId, at, by) }),
    always: [],
    sometimes: [[PS, S], policy(KeyPolicy.ISVEXTPRODID)],
  },
  KEYPOLICY: {
    change: (w, [at]) => ask(w, { keyPolicy: w.request.keyPolicy ^ (1 << (at % 6)) }),
    always: [PS, S],
  },
  KEYID: {
    change: (w, [at, by]) => ask(w, { keyId: other(w.request.keyId, at, by) }),
    always: [L, R, S],
  },
  DEBUG: { change: (w) => withFlag(w, AttributeFlag.DEBUG), always: NAMES },
  'another attribute': {
    change: (w) => withFlag(w, AttributeFlag.AEX_NOTIFY),
    always: [R],
    sometimes: [
      [L, P, PS, S],
      (w) => (w.request.attributeMask.flags & AttributeFlag.AEX_NOTIFY) !== 0n,
    ],
  },
  XFRM: {
    change: (w) => {
      const { flags, xfrm } = w.identity.attributes;
      return secs(w, { attributes: { flags, xfrm: xfrm ^ XfrmFlag.PKRU } });
    },
    always: [R],
    sometimes: [[L, P, PS, S], (w) => (w.request.attributeMask.xfrm & XfrmFlag.PKRU) !== 0n],
  },
  MISCSELECT: {
    change: (w) => secs(w, { miscSelect: w.identity.miscSelect ^ 1 }),
    always: [R],
    sometimes: [[L, P, PS, S], (w) => (w.request.miscMask & 1) !== 0],
  },
  'the attribute mask': {
    change: (w, nudge) => {
      const { flags, xfrm } = w.request.attributeMask;
      return ask(w, { attributeMask: attributes(flags ^ flagOf(nudge), xfrm) });
    },
    always: [P, PS, S],
    sometimes: [
      [L],
      (w, nudge) => {
        const unmasked = ~(AttributeFlag.INIT | AttributeFlag.DEBUG);
        return (w.identity.attributes.flags & flagOf(nudge) & unmasked) !== 0n;
      },
    ],
  },
  'the misc mask': {
    change: (w, [at]) => ask(w, { miscMask: (w.request.miscMask ^ (1 << (at % 32))) >>> 0 }),
    always: [P, PS, S],
    sometimes: [[L], (w, [at]) => at % 32 === 0 && w.identity.miscSelect === 1],
  },
};

const aNudge: fc.Arbitrary<Nudge> = fc.tuple(fc.nat(63), fc.integer({ min: 1, max: 255 }));

describe.each(NAMES)('the %s key', (key) => {
  it.each(Object.entries(INPUTS))('is fed by %s as the table says', (_name, input) => {
    fc.assert(
      fc.property(aKeyWorld, aNudge, (world, nudge) => {
        const [keys, when] = input.sometimes ?? [[], () => false];
        const fed = input.always.includes(key) || (keys.includes(key) && when(world, nudge));
        const changed = keyOf(input.change(world, nudge), key) !== keyOf(world, key);
        expect(changed).toBe(fed);
      }),
    );
  });
});

describe('the provisioning authority, which keeps the root provisioning key', () => {
  const asPce = (world: KeyWorld): KeyWorld => {
    const { flags, xfrm } = ARCHITECTURAL_ATTRIBUTE_MASK;
    return ask(world, {
      attributeMask: attributes(flags, xfrm),
      miscMask: ARCHITECTURAL_MISC_MASK,
    });
  };

  it('derives every provisioning key that an enclave can get', () => {
    fc.assert(
      fc.property(aKeyWorld.map(asPce), ({ identity, request, ...world }) => {
        const { rootProvisioningKey } = world;
        const { cpuSvn, isvSvn } = request;
        const fromOutside = provisioningKey(rootProvisioningKey, identity, { cpuSvn, isvSvn });
        expect(toHex(fromOutside)).toBe(keyOf({ ...world, identity, request }, P));
      }),
    );
  });

  it.each([L, PS, R, S])(
    'cannot derive a %s key: processors that are all alike to it have different ones',
    (key) => {
      fc.assert(
        fc.property(aKeyWorld, aNudge, (world, [at, by]) => {
          const twin = { ...world, rootSealKey: other(world.rootSealKey, at, by) };
          expect(keyOf(twin, P)).toBe(keyOf(world, P));
          expect(keyOf(twin, key)).not.toBe(keyOf(world, key));
        }),
      );
    },
  );
});
