import { codeOf, pattern } from './__fixtures__/parts';
import { encodeCertificationData, parseCertificationData } from './index';
import type { CertificationData } from './index';

const identifier = (type: 1 | 2 | 3, ppidSize: number): CertificationData => ({
  type,
  ppid: pattern(ppidSize),
  cpuSvn: pattern(16, 2),
  pceSvn: 15,
  pceId: 0x0102,
});

describe('parseCertificationData', () => {
  it.each<[string, CertificationData, number]>([
    ['clear PPID', identifier(1, 16), 36],
    ['RSA-2048 PPID', identifier(2, 256), 276],
    ['RSA-3072 PPID', identifier(3, 384), 404],
    ['PCK leaf', { type: 4, pem: 'PEM\n' }, 5],
    ['PCK chain, its NUL counted', { type: 5, pem: 'PEM\n' }, 5],
    ['platform manifest', { type: 7, manifest: pattern(9) }, 9],
  ])('reads a %s', (_name, data, size) => {
    const raw = encodeCertificationData(data);
    expect(raw.bytes).toHaveLength(size);
    expect(parseCertificationData(raw)).toEqual(data);
  });

  it('takes a chain without a NUL', () => {
    expect(parseCertificationData({ type: 5, bytes: Buffer.from('PEM') })).toEqual({
      type: 5,
      pem: 'PEM',
    });
  });

  it.each([
    ['another type', { type: 8, bytes: pattern(4) }],
    ['the wrapper', { type: 6, bytes: pattern(4) }],
    ['a short PPID', { type: 3, bytes: pattern(403) }],
    ['text that is not UTF-8', { type: 5, bytes: Uint8Array.of(0xff, 0xfe) }],
  ])('refuses %s', (_name, raw) => {
    expect(codeOf(() => parseCertificationData(raw))).toBe('QUOTE_CERTIFICATION_DATA');
  });
});
