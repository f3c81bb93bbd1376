import { toHex } from '@touchstone/bytes';
import { dealShares, HOSPITAL_NAMES, imageAt, type Dealt } from './shares';

let dealt: Dealt;
beforeAll(async () => {
  dealt = await dealShares();
});

describe('the shares of the hospitals', () => {
  it('are uneven in size, and nobody knows all digits well', () => {
    const sizes = HOSPITAL_NAMES.map((name) => dealt.shares.get(name)?.labels.length);
    expect(new Set(sizes).size).toBe(HOSPITAL_NAMES.length);
    for (const { labels, classes } of dealt.shares.values()) {
      const counts = Array.from({ length: classes }, (_, digit) =>
        labels.reduce((sum, label) => sum + (label === digit ? 1 : 0), 0),
      );
      expect(Math.min(...counts)).toBeGreaterThan(0);
      expect(Math.max(...counts)).toBeGreaterThan(20 * Math.min(...counts));
    }
  });

  it('have no image in common, with each other or with what is held out', () => {
    const all = [...dealt.shares.values(), dealt.heldOut];
    const images = all.flatMap((digits) =>
      [...digits.labels.keys()].map((index) => toHex(imageAt(digits, index))),
    );
    expect(new Set(images).size).toBe(images.length);
  });

  it('leave as many of each digit for all to be tried on', () => {
    const { labels, classes } = dealt.heldOut;
    expect(labels).toHaveLength(1000);
    for (let digit = 0; digit < classes; digit++) {
      expect(labels.filter((label) => label === digit)).toHaveLength(100);
    }
  });
});
