import fc from 'fast-check';
import { assertJsonDepth } from './json-depth';

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null
    ? 1 + Math.max(0, ...Object.values(value).map(depthOf))
    : 0;

const passes = (text: string, limit: number): boolean => {
  try {
    assertJsonDepth(Buffer.from(text), limit);
    return true;
  } catch {
    return false;
  }
};

describe('assertJsonDepth', () => {
  it('agrees with the depth of the parsed value', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), fc.nat(6), (text, limit) => {
        expect(passes(text, limit)).toBe(depthOf(JSON.parse(text)) <= limit);
      }),
    );
  });

  it.each(['"[[["', '"\\"[[["', '"\\\\"', '{"[":"{"}', '"never closed [[['])(
    'reads no bracket inside %s',
    (text) => {
      expect(passes(text, 1)).toBe(true);
    },
  );

  it('ends with its input, whatever it is', () => {
    fc.assert(fc.property(fc.string(), (text) => void passes(text, 64)));
  });
});
