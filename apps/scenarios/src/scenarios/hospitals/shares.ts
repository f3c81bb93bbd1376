import { concat } from '@touchstone/bytes';
import { loadDigits, type Digits } from '@touchstone/digits';
import type { Dataset } from '@touchstone/image-classifier';

/** Images of each digit that are in nobody's share. */
const HELD_OUT_EACH = 100;
const TRAINING_EACH = 400;

/** Who sees how many of each digit. What one hospital sees all day, another hardly knows. */
const SEEN: Readonly<Record<string, readonly number[]>> = {
  'hospital-a': [300, 300, 260, 220, 180, 8, 8, 8, 4, 4],
  'hospital-b': [8, 8, 8, 60, 120, 300, 300, 240, 8, 8],
  'hospital-c': [4, 4, 4, 4, 4, 8, 8, 60, 240, 240],
};

export const HOSPITAL_NAMES = Object.keys(SEEN);

/** Real images, dealt out: nobody's share overlaps with another's, or with what all are tried on. */
export interface Dealt {
  /** By name; all of it to be learnt from. */
  readonly shares: ReadonlyMap<string, Dataset>;
  readonly heldOut: Digits;
}

export async function dealShares(): Promise<Dealt> {
  const digits = await loadDigits(TRAINING_EACH + HELD_OUT_EACH);
  const next = new Array<number>(digits.classes).fill(0);
  const shares = new Map<string, Dataset>();
  for (const [name, seen] of Object.entries(SEEN)) {
    const images: number[] = [];
    seen.forEach((count, digit) => {
      const from = next[digit] ?? 0;
      for (let i = from; i < from + count; i++) images.push(i * digits.classes + digit);
      next[digit] = from + count;
    });
    shares.set(name, { ...picked(digits, images), training: images.length });
  }
  if (Math.max(...next) > TRAINING_EACH) throw new RangeError('the shares are more than there is');
  const first = TRAINING_EACH * digits.classes;
  const rest = Array.from({ length: digits.labels.length - first }, (_, i) => first + i);
  return { shares, heldOut: picked(digits, rest) };
}

/** Images to learn from, with others behind them to be tried on. */
export const withHeldOut = (share: Dataset, heldOut: Digits): Dataset => ({
  ...share,
  pixels: concat(share.pixels, heldOut.pixels),
  labels: concat(share.labels, heldOut.labels),
});

export const imageAt = ({ pixels, rows, columns }: Digits, index: number): Uint8Array =>
  pixels.subarray(index * rows * columns, (index + 1) * rows * columns);

function picked(digits: Digits, images: readonly number[]): Digits {
  return {
    ...digits,
    pixels: concat(...images.map((image) => imageAt(digits, image))),
    labels: Uint8Array.from(images, (image) => digits.labels[image] ?? 0),
  };
}
