import { parseInstant, parsePccsUrl, presentInstant } from './verify-options';

const usage = expect.objectContaining({ code: 'USAGE' });

describe('parseInstant', () => {
  it.each([
    ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31T12:00:00+02:00', '2026-01-31T10:00:00.000Z'],
    ['2026-01-31T12:00:00', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31', '2026-01-31T00:00:00.000Z'],
  ])('reads %s', (text, iso) => {
    expect(parseInstant(text).toISOString()).toBe(iso);
  });

  it.each(['', 'now', '1768435200', '2026-13-01', '31.1.2026', '2026-01-31T25:00:00Z'])(
    'refuses %s',
    (text) => {
      expect(() => parseInstant(text)).toThrow(usage);
    },
  );
});

describe('presentInstant', () => {
  it('is what TOUCHSTONE_NOW says', () => {
    const now = presentInstant({ TOUCHSTONE_NOW: '2030-01-01T00:00:00Z' });
    expect(now.toISOString().slice(0, 16)).toBe('2030-01-01T00:00');
  });
});

describe('parsePccsUrl', () => {
  it.each(['https://localhost:8081', 'http://127.0.0.1:8081/sgx/certification/v4/'])(
    'takes %s',
    (url) => {
      expect(parsePccsUrl(url)).toBe(url);
    },
  );

  it.each(['localhost:8081', 'ftp://localhost', ''])('refuses %s', (url) => {
    expect(() => parsePccsUrl(url)).toThrow(usage);
  });
});
