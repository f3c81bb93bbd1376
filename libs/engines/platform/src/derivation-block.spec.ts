import fc from 'fast-check';
import { toHex } from '@touchstone/bytes';
import {
  DERIVATION_BLOCK_BYTES,
  packDerivationBlock,
  type DerivationInputs,
} from './derivation-block';

const exactly = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const u64 = fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn });
const u16 = fc.nat(0xffff);
const u32 = fc.nat(0xffff_ffff);

const inputs: fc.Arbitrary<Required<DerivationInputs>> = fc.record({
  keyName: u16,
  isvFamilyId: exactly(16),
  isvExtProdId: exactly(16),
  isvProdId: u16,
  isvSvn: u16,
  ownerEpoch: exactly(16),
  attributes: fc.record({ flags: u64, xfrm: u64 }),
  attributeMask: fc.record({ flags: u64, xfrm: u64 }),
  mrEnclave: exactly(32),
  mrSigner: exactly(32),
  keyId: exactly(32),
  cpuSvn: exactly(16),
  miscSelect: u32,
  miscMaskComplement: u32,
  keyPolicy: u16,
  configId: exactly(64),
  configSvn: u16,
});

describe('packDerivationBlock', () => {
  it('has one width for all inputs', () => {
    fc.assert(
      fc.property(inputs, (one) => {
        expect(packDerivationBlock(one)).toHaveLength(DERIVATION_BLOCK_BYTES);
      }),
    );
  });

  it('packs two inputs alike only when they are the same', () => {
    fc.assert(
      fc.property(inputs, inputs, fc.constantFrom(...fieldNames), (one, other, field) => {
        const mixed = { ...one, [field]: other[field] };
        const same = show(mixed[field]) === show(one[field]);
        expect(toHex(packDerivationBlock(mixed)) === toHex(packDerivationBlock(one))).toBe(same);
      }),
    );
  });
});

const fieldNames: (keyof DerivationInputs)[] = [
  'keyName',
  'isvFamilyId',
  'isvExtProdId',
  'isvProdId',
  'isvSvn',
  'ownerEpoch',
  'attributes',
  'attributeMask',
  'mrEnclave',
  'mrSigner',
  'keyId',
  'cpuSvn',
  'miscSelect',
  'miscMaskComplement',
  'keyPolicy',
  'configId',
  'configSvn',
];

function show(value: unknown): string {
  return JSON.stringify(value, (_name, member: unknown) =>
    typeof member === 'bigint' ? member.toString() : member,
  );
}
