import fc from 'fast-check';
import { hasCode } from '@touchstone/errors';
import { ByteReader } from './byte-reader';
import { ByteWriter } from './byte-writer';

const codeOf = (action: () => unknown): string | undefined => {
  try {
    action();
  } catch (error) {
    return hasCode(error) ? `${error.code} ${error.field}` : undefined;
  }
  return undefined;
};

describe('ByteReader', () => {
  it('reads what ByteWriter wrote, field by field', () => {
    const written = new ByteWriter()
      .u8('a', 0x01)
      .u16le('b', 0x0203)
      .u16be('c', 0x0405)
      .u32le('d', 0x06070809)
      .u32be('e', 0x0a0b0c0d)
      .u64le('f', 0x1112131415161718n)
      .bytes('g', Uint8Array.of(9, 8, 7), 3)
      .zeros(2)
      .finish();
    const r = new ByteReader(written);
    expect([r.u8('a'), r.u16le('b'), r.u16be('c'), r.u32le('d'), r.u32be('e')]).toEqual([
      0x01, 0x0203, 0x0405, 0x06070809, 0x0a0b0c0d,
    ]);
    expect(r.u64le('f')).toBe(0x1112131415161718n);
    expect([...r.bytes('g', 3)]).toEqual([9, 8, 7]);
    r.zeros('h', 2);
    r.end('structure');
    expect(r.offset).toBe(written.length);
  });

  it('names the field that was cut', () => {
    expect(codeOf(() => new ByteReader(Uint8Array.of(1)).u16le('version'))).toBe(
      'BYTES_TRUNCATED version',
    );
  });

  it('refuses lengths that are no lengths', () => {
    const r = new ByteReader(new Uint8Array(8));
    expect(codeOf(() => r.bytes('x', -1))).toBe('BYTES_TRUNCATED x');
    expect(codeOf(() => r.bytes('x', 1.5))).toBe('BYTES_TRUNCATED x');
  });

  it('refuses reserved bytes that are not zero', () => {
    expect(codeOf(() => new ByteReader(Uint8Array.of(0, 1)).zeros('reserved1', 2))).toBe(
      'BYTES_RESERVED_NOT_ZERO reserved1',
    );
  });

  it('refuses bytes after the end', () => {
    expect(codeOf(() => new ByteReader(Uint8Array.of(0)).end('quote'))).toBe(
      'BYTES_TRAILING quote',
    );
  });

  it('returns views where asked, as bounded as copies', () => {
    const source = Uint8Array.of(1, 2, 3);
    const r = new ByteReader(source);
    const view = r.view('x', 2);
    source[0] = 9;
    expect([...view]).toEqual([9, 2]);
    expect(codeOf(() => r.view('y', 2))).toBe('BYTES_TRUNCATED y');
  });

  it('copies out of a Buffer too, whose slices share memory', () => {
    const source = Buffer.from([1, 2, 3]);
    const copy = new ByteReader(source).bytes('x', 3);
    source[0] = 9;
    expect([...copy]).toEqual([1, 2, 3]);
  });

  it('returns copies', () => {
    const source = Uint8Array.of(1, 2, 3);
    const copy = new ByteReader(source).bytes('x', 3);
    source[0] = 9;
    expect(copy[0]).toBe(1);
  });

  it('never reads past any input', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.nat(80), (bytes, length) => {
        const r = new ByteReader(bytes);
        const code = codeOf(() => r.bytes('x', length));
        expect(code).toBe(length > bytes.length ? 'BYTES_TRUNCATED x' : undefined);
      }),
    );
  });
});

describe('ByteWriter', () => {
  it.each([
    ['u8', (w: ByteWriter) => w.u8('x', 256)],
    ['u16le', (w: ByteWriter) => w.u16le('x', -1)],
    ['u32le', (w: ByteWriter) => w.u32le('x', 2 ** 32)],
    ['u64le', (w: ByteWriter) => w.u64le('x', 1n << 64n)],
    ['bytes', (w: ByteWriter) => w.bytes('x', new Uint8Array(3), 4)],
  ])('%s refuses what does not fit', (_name, write) => {
    expect(codeOf(() => write(new ByteWriter()))).toBe('BYTES_OUT_OF_RANGE x');
  });

  it('grows past its first buffer', () => {
    const bytes = new Uint8Array(5000).fill(7);
    expect(new ByteWriter().u8('a', 1).bytes('b', bytes).finish()).toHaveLength(5001);
  });
});
