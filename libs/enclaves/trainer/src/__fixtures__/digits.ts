import type { Dataset } from '@touchstone/image-classifier';

const SIDE = 8;
const CLASSES = 4;

/** Four classes, each one a bright quarter of a noisy 8 x 8 image; the same count gives the same images. */
export function quarters(training: number, heldOut: number): Dataset {
  const count = training + heldOut;
  const pixels = new Uint8Array(count * SIDE * SIDE);
  const labels = Uint8Array.from({ length: count }, (_, i) => i % CLASSES);
  let state = 7;
  for (let i = 0; i < pixels.length; i++) {
    state = (state * 48_271) % 2_147_483_647;
    const place = i % (SIDE * SIDE);
    const quarter = (place < 32 ? 0 : 2) + (place % SIDE < 4 ? 0 : 1);
    const bright = quarter === labels[Math.floor(i / (SIDE * SIDE))] ? 90 : 0;
    pixels[i] = bright + (state % 120);
  }
  return { rows: SIDE, columns: SIDE, classes: CLASSES, training, pixels, labels };
}
