import { createECDH } from 'node:crypto';
import fc from 'fast-check';
import { concat, toHex } from '@touchstone/bytes';
import { hasCode } from '@touchstone/errors';
import { AttributeFlag } from '@touchstone/quote';
import { aesCmac } from '@touchstone/cmac';
import { pceIdentity, pckScalar, ppidOf, provisioningKey } from './provisioning';
import { architecturalBlock } from './scalar';

const RPK = new Uint8Array(16).fill(0x52);
const CPU_SVN = new Uint8Array(16).fill(3);
const PCE = pceIdentity(new Uint8Array(32).fill(0x1e));
const SVNS = { cpuSvn: CPU_SVN, isvSvn: 15 };

describe('the architectural derivations', () => {
  it('pack label and output size as the PCE does', () => {
    expect(toHex(architecturalBlock(1, 'PAK_KEY_DER', 320))).toBe(
      '0150414b5f4b45595f44455200000140',
    );
    expect(toHex(architecturalBlock(0, 'QE_ID_DER', 128))).toBe('0051455f49445f444552000000000080');
    expect(toHex(architecturalBlock(2, 'QE_ATT_DER', 320))).toBe(
      '0251455f4154545f4445520000000140',
    );
  });

  it('make a PCK key by FIPS 186-4 B.4.1 from the first 320 bits of three blocks', () => {
    const key = provisioningKey(RPK, PCE, SVNS);
    const blocks = [1, 2, 3].map((n) => aesCmac(key, architecturalBlock(n, 'PAK_KEY_DER', 320)));
    const c = BigInt(`0x${toHex(concat(...blocks)).slice(0, 80)}`);
    const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
    const expected = ((c % (order - 1n)) + 1n).toString(16).padStart(64, '0');
    expect(toHex(pckScalar(RPK, PCE, CPU_SVN, 15))).toBe(expected);
  });

  it('make a scalar that P-256 accepts', () => {
    const ecdh = createECDH('prime256v1');
    ecdh.setPrivateKey(pckScalar(RPK, PCE, CPU_SVN, 15));
    expect(ecdh.getPublicKey()).toHaveLength(65);
  });

  it('give a PPID that knows no SVN', () => {
    const lowest = provisioningKey(RPK, PCE, { cpuSvn: new Uint8Array(16), isvSvn: 0 });
    expect(ppidOf(RPK, PCE)).toEqual(aesCmac(lowest, new Uint8Array(16)));
  });

  it('refuse a fuse of another length', () => {
    let caught: unknown;
    try {
      ppidOf(new Uint8Array(15), PCE);
    } catch (error) {
      caught = error;
    }
    expect(hasCode(caught, 'SGX_INVALID_FUSES')).toBe(true);
  });
});

describe('provisioningKey', () => {
  const base = toHex(provisioningKey(RPK, PCE, SVNS));
  const { flags, xfrm } = PCE.attributes;

  it.each([
    ['the root', new Uint8Array(16).fill(0x53), PCE, SVNS],
    ['the signer', RPK, { ...PCE, mrSigner: new Uint8Array(32) }, SVNS],
    ['the product', RPK, { ...PCE, isvProdId: 2 }, SVNS],
    ['DEBUG', RPK, { ...PCE, attributes: { flags: flags | AttributeFlag.DEBUG, xfrm } }, SVNS],
    ['MISCSELECT', RPK, { ...PCE, miscSelect: 1 }, SVNS],
    ['CPUSVN', RPK, PCE, { ...SVNS, cpuSvn: new Uint8Array(16) }],
    ['ISVSVN', RPK, PCE, { ...SVNS, isvSvn: 14 }],
  ])('changes with %s', (_name, root, enclave, svns) => {
    expect(toHex(provisioningKey(root, enclave, svns))).not.toBe(base);
  });

  it('does not depend on the word size or the extended features, which the mask leaves out', () => {
    const attributes = { flags: flags ^ AttributeFlag.MODE64BIT, xfrm: xfrm | 0xe4n };
    expect(toHex(provisioningKey(RPK, { ...PCE, attributes }, SVNS))).toBe(base);
  });

  it('is another one for every pair of SVNs', () => {
    const svns = fc.record({
      cpuSvn: fc.uint8Array({ minLength: 16, maxLength: 16 }),
      isvSvn: fc.nat(0xffff),
    });
    fc.assert(
      fc.property(svns, svns, (a, b) => {
        const same = toHex(a.cpuSvn) === toHex(b.cpuSvn) && a.isvSvn === b.isvSvn;
        const keys = [a, b].map((s) => toHex(provisioningKey(RPK, PCE, s)));
        expect(keys[0] === keys[1]).toBe(same);
      }),
    );
  });
});
