import fc from 'fast-check';
import { AttributeFlag, XfrmFlag, attributes, type KeyRequest } from '@touchstone/quote';
import { U32_MASK, U64_MASK } from '../attributes';
import type { EnclaveIdentity } from '../secs';

/** Everything that can decide what EGETKEY answers. */
export interface KeyWorld {
  readonly rootProvisioningKey: Uint8Array;
  readonly rootSealKey: Uint8Array;
  readonly ownerEpoch: Uint8Array;
  readonly cpuSvn: Uint8Array;
  readonly identity: EnclaveIdentity;
  readonly request: KeyRequest;
}

const { INIT, MODE64BIT, PROVISION_KEY, EINITTOKEN_KEY, KSS } = AttributeFlag;
/** So that one enclave may ask for every key with every policy. */
const RICH = INIT | MODE64BIT | PROVISION_KEY | EINITTOKEN_KEY | KSS;
const ALL_POLICIES = 0x3f;

const bytes = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });
const u16 = fc.integer({ min: 1, max: 0xfffe });
const svns = fc.array(fc.integer({ min: 1, max: 254 }), { minLength: 16, maxLength: 16 });

const anIdentity: fc.Arbitrary<EnclaveIdentity> = fc.record({
  attributes: fc.record({
    flags: fc.constantFrom(0n, AttributeFlag.DEBUG, AttributeFlag.CET).map((flag) => RICH | flag),
    xfrm: fc.constantFrom(XfrmFlag.LEGACY, XfrmFlag.LEGACY | XfrmFlag.AVX),
  }),
  miscSelect: fc.nat(1),
  mrEnclave: bytes(32),
  mrSigner: bytes(32),
  isvProdId: u16,
  isvSvn: u16,
  isvExtProdId: bytes(16),
  isvFamilyId: bytes(16),
  configId: bytes(64),
  configSvn: u16,
});

/** Worlds in which every request is granted: what is asked for is at most what there is, and at least 1. */
export const aKeyWorld: fc.Arbitrary<KeyWorld> = fc
  .record({
    rootProvisioningKey: bytes(16),
    rootSealKey: bytes(16),
    ownerEpoch: bytes(16),
    cpuSvn: svns,
    identity: anIdentity,
    keyPolicy: fc.nat(ALL_POLICIES),
    maskFlags: fc.bigInt(0n, U64_MASK),
    maskXfrm: fc.bigInt(0n, U64_MASK),
    miscMask: fc.nat(U32_MASK),
    keyId: bytes(32),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ cpuSvn, identity, keyPolicy, maskFlags, maskXfrm, miscMask, keyId, share, ...rest }) => {
    const part = (whole: number): number => Math.max(1, Math.floor(whole * share));
    const request = {
      keyName: 0,
      keyPolicy,
      isvSvn: part(identity.isvSvn),
      cpuSvn: Uint8Array.from(cpuSvn, part),
      attributeMask: attributes(maskFlags, maskXfrm),
      keyId,
      miscMask,
      configSvn: part(identity.configSvn),
    };
    return { ...rest, cpuSvn: Uint8Array.from(cpuSvn), identity, request };
  });
