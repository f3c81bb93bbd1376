import { Matrix } from 'ml-matrix';
import type { Dataset } from './dataset';
import type { Model } from './model';
import { designMatrix } from './training';

/** Share of the held-out images, of which there is one at least, whose likeliest class is the right one. */
export function heldOutAccuracy(model: Model, dataset: Dataset): number {
  const { training, labels } = dataset;
  const inputs = designMatrix(dataset, training, labels.length);
  const weights = Matrix.from1DArray(inputs.columns, model.classes, model.weights);
  const scores = inputs.mmul(weights);
  let right = 0;
  for (let row = 0; row < scores.rows; row++) {
    if (scores.maxRowIndex(row)[1] === labels[training + row]) right++;
  }
  return right / scores.rows;
}
