export interface ImageShape {
  readonly rows: number;
  readonly columns: number;
}

/** Pixels that are averaged into one feature, each way: handwriting loses nothing by it, training gets four times faster. */
const POOL = 2;
const MAX_PIXEL = 255;

/** Features of an image of this shape; a last odd row or column is left out. */
export const featureCount = ({ rows, columns }: ImageShape): number =>
  Math.floor(rows / POOL) * Math.floor(columns / POOL);

/** Mean brightness, 0 to 1, of each square of 2 x 2 pixels. */
export function featuresOf(pixels: Uint8Array, { rows, columns }: ImageShape): Float64Array {
  const across = Math.floor(columns / POOL);
  const features = new Float64Array(Math.floor(rows / POOL) * across);
  for (let i = 0; i < features.length; i++) {
    const start = Math.floor(i / across) * POOL * columns + (i % across) * POOL;
    let sum = 0;
    for (let dy = 0; dy < POOL; dy++) {
      for (let dx = 0; dx < POOL; dx++) sum += pixels[start + dy * columns + dx] ?? 0;
    }
    features[i] = sum / (POOL * POOL * MAX_PIXEL);
  }
  return features;
}
