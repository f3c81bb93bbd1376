import { Matrix } from 'ml-matrix';
import type { Dataset } from './dataset';
import { featureCount, featuresOf } from './features';
import type { Model } from './model';

/** How the model is fitted: mini-batch gradient descent with momentum on the cross entropy, a little weight decay. */
export const TRAINING = {
  epochs: 12,
  batch: 50,
  learningRate: 0.1,
  momentum: 0.9,
  weightDecay: 1e-4,
} as const;

export interface EpochReport {
  readonly epoch: number;
  readonly epochs: number;
  /** Mean cross entropy over the epoch, in nats. */
  readonly loss: number;
}

/** Features of some images, one row each, with a last column of ones for the bias. */
export function designMatrix(dataset: Dataset, from: number, to: number): Matrix {
  const size = dataset.rows * dataset.columns;
  const matrix = Matrix.ones(to - from, featureCount(dataset) + 1);
  for (let i = from; i < to; i++) {
    const features = featuresOf(dataset.pixels.subarray(i * size, (i + 1) * size), dataset);
    features.forEach((feature, column) => matrix.set(i - from, column, feature));
  }
  return matrix;
}

/** Starts from zero and visits the samples in a fixed order: the same data set gives the same model. */
export async function train(
  dataset: Dataset,
  onEpoch: (report: EpochReport) => Promise<void>,
): Promise<{ model: Model; loss: number }> {
  const { classes, training, labels } = dataset;
  const { epochs, batch } = TRAINING;
  const inputs = designMatrix(dataset, 0, training);
  const order = visitingOrder(training);
  const weights = Matrix.zeros(inputs.columns, classes);
  const velocity = Matrix.zeros(inputs.columns, classes);
  const columns = Array.from({ length: inputs.columns }, (_, i) => i);
  let loss = 0;
  for (let epoch = 1; epoch <= epochs; epoch++) {
    let total = 0;
    for (let start = 0; start < training; start += batch) {
      const chosen = order.slice(start, start + batch);
      total += step(inputs.selection(chosen, columns), chosen, labels, weights, velocity);
    }
    loss = total / training;
    await onEpoch({ epoch, epochs, loss });
  }
  const { rows, columns: width } = dataset;
  const flat = Float32Array.from(weights.to1DArray());
  return { model: { rows, columns: width, classes, weights: flat }, loss };
}

/** One step downhill; answers with the cross entropy of the batch before it. */
function step(
  inputs: Matrix,
  chosen: readonly number[],
  labels: Uint8Array,
  weights: Matrix,
  velocity: Matrix,
): number {
  const errors = softmaxRows(inputs.mmul(weights));
  let loss = 0;
  chosen.forEach((sample, row) => {
    const label = labels[sample] ?? 0;
    const probability = errors.get(row, label);
    loss -= Math.log(Math.max(probability, Number.MIN_VALUE));
    errors.set(row, label, probability - 1);
  });
  const gradient = inputs.transpose().mmul(errors).div(chosen.length);
  gradient.add(Matrix.mul(weights, TRAINING.weightDecay));
  velocity.mul(TRAINING.momentum).sub(gradient.mul(TRAINING.learningRate));
  weights.add(velocity);
  return loss;
}

function softmaxRows(scores: Matrix): Matrix {
  for (let row = 0; row < scores.rows; row++) {
    const max = scores.maxRow(row);
    let sum = 0;
    for (let c = 0; c < scores.columns; c++) {
      const value = Math.exp(scores.get(row, c) - max);
      scores.set(row, c, value);
      sum += value;
    }
    scores.mulRow(row, 1 / sum);
  }
  return scores;
}

/** Every sample once, far from its neighbours: data sets often come sorted by class. */
function visitingOrder(count: number): number[] {
  let stride = Math.max(1, Math.floor(count * 0.618));
  while (greatestCommonDivisor(stride, count) !== 1) stride++;
  return Array.from({ length: count }, (_, i) => (i * stride) % count);
}

const greatestCommonDivisor = (a: number, b: number): number =>
  b === 0 ? a : greatestCommonDivisor(b, a % b);
