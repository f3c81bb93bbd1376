import { createHash } from 'node:crypto';
import { fromHex, toHex } from '@touchstone/bytes';
import { hasCode } from '@touchstone/errors';
import { measureEnclave } from './measurement';
import { MAX_ENCLAVE_PAGES, PAGE_BYTES, PAGE_KIND, type EnclaveLayout } from './pages';

const CODE = Uint8Array.from({ length: PAGE_BYTES }, (_, i) => i & 0xff);

const LAYOUT: EnclaveLayout = {
  size: 0x10000,
  ssaFrameSize: 1,
  pages: [
    { offset: 0, flags: PAGE_KIND.CODE, content: CODE, measured: true },
    { offset: 0x1000, flags: PAGE_KIND.DATA, measured: false },
    { offset: 0x8000, flags: PAGE_KIND.TCS, measured: true },
  ],
};

const zeros = (bytes: number): string => '00'.repeat(bytes);
const u64 = (hexLittleEndian: string): string => hexLittleEndian.padEnd(16, '0');

describe('measureEnclave', () => {
  it('hashes the records of section "MRENCLAVE", written out by hand', () => {
    const extended = (base: number, chunk: (i: number) => Uint8Array): string =>
      Array.from({ length: 16 }, (_, i) => {
        const address = Buffer.alloc(8);
        address.writeUInt32LE(base + 256 * i);
        return '45455854454e4400' + address.toString('hex') + zeros(48) + toHex(chunk(i));
      }).join('');
    const records = [
      // "ECREATE\0", one SSA page, 64 KiB at offset 12
      `4543524541544500${'01000000'}${u64('000001')}${zeros(44)}`,
      // "EADD\0\0\0\0", offset 0, R|X REG
      `4541444400000000${u64('')}${u64('0502')}${zeros(40)}`,
      extended(0, () => CODE.subarray(0, 256)),
      // a heap page leaves its place and flags only
      `4541444400000000${u64('0010')}${u64('0302')}${zeros(40)}`,
      `4541444400000000${u64('0080')}${u64('0001')}${zeros(40)}`,
      extended(0x8000, () => new Uint8Array(256)),
    ].join('');
    expect(records.length / 2).toBe(64 * 4 + 2 * 16 * 320);
    const expected = createHash('sha256').update(fromHex(records)).digest('hex');
    expect(toHex(measureEnclave(LAYOUT))).toBe(expected);
  });

  const base = toHex(measureEnclave(LAYOUT));
  const [code, heap, tcs] = LAYOUT.pages;
  const changed = CODE.slice();
  changed[4095] = 0;

  it.each([
    [
      'one byte of a measured page',
      { ...LAYOUT, pages: [{ ...code!, content: changed }, heap!, tcs!] },
    ],
    ['the order of pages', { ...LAYOUT, pages: [heap!, code!, tcs!] }],
    ['the place of a page', { ...LAYOUT, pages: [code!, { ...heap!, offset: 0x2000 }, tcs!] }],
    ['permissions', { ...LAYOUT, pages: [{ ...code!, flags: PAGE_KIND.DATA }, heap!, tcs!] }],
    ['what is measured', { ...LAYOUT, pages: [code!, { ...heap!, measured: true }, tcs!] }],
    ['the size', { ...LAYOUT, size: 0x20000 }],
    ['the SSA frame size', { ...LAYOUT, ssaFrameSize: 2 }],
  ])('changes with %s', (_name, layout) => {
    expect(toHex(measureEnclave(layout))).not.toBe(base);
  });

  it('does not see what an unmeasured page holds', () => {
    const pages = [code!, { ...heap!, content: CODE }, tcs!];
    expect(toHex(measureEnclave({ ...LAYOUT, pages }))).toBe(base);
  });

  it.each([
    ['a size that is no power of two', { ...LAYOUT, size: 0x11000 }],
    ['a size beyond the limit', { ...LAYOUT, size: 2 * MAX_ENCLAVE_PAGES * PAGE_BYTES }],
    ['no SSA frame', { ...LAYOUT, ssaFrameSize: 0 }],
    ['a page outside', { ...LAYOUT, pages: [{ ...code!, offset: 0x10000 }] }],
    ['a page between pages', { ...LAYOUT, pages: [{ ...code!, offset: 8 }] }],
    ['two pages in one place', { ...LAYOUT, pages: [code!, { ...heap!, offset: 0 }] }],
    ['a SECS page', { ...LAYOUT, pages: [{ ...code!, flags: 0x005 }] }],
    ['a TCS page that can be written', { ...LAYOUT, pages: [{ ...tcs!, flags: 0x103 }] }],
    ['a page to write but not to read', { ...LAYOUT, pages: [{ ...code!, flags: 0x202 }] }],
    ['half a page', { ...LAYOUT, pages: [{ ...code!, content: CODE.subarray(0, 2048) }] }],
  ])('refuses %s', (_name, layout) => {
    let caught: unknown;
    try {
      measureEnclave(layout);
    } catch (error) {
      caught = error;
    }
    expect(hasCode(caught, 'SGX_GP')).toBe(true);
  });
});
