import fc from 'fast-check';
import { fromUtf8, toHex } from '@touchstone/bytes';
import type { EnclaveMemory } from '@touchstone/platform';
import { codeOf as errorOf } from '../__fixtures__/code-of';
import { MANIFEST, aMachine, anImage, signed } from '../__fixtures__/machine';
import { aVendor } from '../__fixtures__/vendor';
import { MAX_CODE_BYTES, codeOf, createImage } from './image';
import { MAX_HEAP_PAGES } from './manifest';

describe('createImage', () => {
  const image = anImage({ heapPages: 3, threads: 2 }, 'x'.repeat(5000));

  it('lays out header, code, threads and heap in a power of two', () => {
    const flags = image.layout.pages.map((page) => page.flags.toString(16));
    expect(flags).toEqual(['205', '205', '205', '100', '203', '100', '203', '203', '203', '203']);
    expect(image.layout.pages.map((page) => page.measured)).toEqual([
      ...Array(7).fill(true),
      false,
      false,
      false,
    ]);
    expect(image.layout.size).toBe(0x10000);
  });

  it('measures code, threads and heap; product, SVN and debug are for the signature', () => {
    const hash = (manifest: Partial<typeof MANIFEST>, code = 'a'): string =>
      toHex(anImage(manifest, code).mrEnclave);
    const base = hash({});
    expect(hash({}, 'b')).not.toBe(base);
    expect(hash({}, 'a\0')).not.toBe(base);
    expect(hash({ heapPages: 9 })).not.toBe(base);
    expect(hash({ threads: 3 })).not.toBe(base);
    expect(hash({ productId: 8, svn: 9, debug: true, name: 'other' })).toBe(base);
  });

  it('gives the same MRENCLAVE on every machine and in every release', () => {
    // Computed by another program from the layout in the README and the records of the SDM.
    expect(toHex(anImage().mrEnclave)).toBe(
      '4e62e2ad0461963e64c2f19d2a8c32959e7ed5e81b90e24f59a4628d26c97478',
    );
  });

  it.each([
    ['no code', 0, 1, 'ENCLAVE_IMAGE_MALFORMED code'],
    ['too much code', MAX_CODE_BYTES + 1, 1, 'ENCLAVE_IMAGE_TOO_LARGE code'],
  ])('refuses %s', (_name, length, heapPages, code) => {
    expect(errorOf(() => createImage({ ...MANIFEST, heapPages }, new Uint8Array(length)))).toBe(
      code,
    );
  });

  it('refuses more than a processor holds', () => {
    const image = { ...MANIFEST, heapPages: 2 * MAX_HEAP_PAGES };
    expect(errorOf(() => createImage(image, new Uint8Array(1)))).toBe(
      'ENCLAVE_IMAGE_TOO_LARGE heapPages',
    );
  });
});

describe('codeOf', () => {
  const memoryOf = (pages: readonly Uint8Array[]): EnclaveMemory => {
    const all = Buffer.concat(pages);
    const identity = machine.load(anImage(), signed(anImage())).identity;
    return {
      identity,
      read: (offset, length) => new Uint8Array(all.subarray(offset, offset + length)),
    };
  };
  const machine = aMachine(aVendor());

  it('reads back exactly the code, whatever it is', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 9000 }), (code) => {
        const pages = createImage(MANIFEST, code).layout.pages;
        const memory = memoryOf(pages.map(({ content }) => content ?? new Uint8Array(4096)));
        expect(codeOf(memory)).toEqual(code);
      }),
      { numRuns: 30 },
    );
  });

  it.each([
    ['name', 0],
    ['version', 10],
    ['length', 15],
  ])('refuses a header with another %s', (_name, offset) => {
    const header = (anImage().layout.pages[0]?.content ?? new Uint8Array()).slice();
    header[offset] = 0xff;
    expect(errorOf(() => codeOf(memoryOf([header])))).toBe('ENCLAVE_IMAGE_MALFORMED header');
  });

  it('is what the application is started with', () => {
    const image = anImage({}, 'exports.ecalls = { a() {} };');
    const { running } = machine.load(image, signed(image));
    expect(running.code).toEqual(fromUtf8('exports.ecalls = { a() {} };'));
  });
});
