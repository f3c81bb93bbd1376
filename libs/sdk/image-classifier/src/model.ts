import { ByteReader, ByteWriter } from '@touchstone/bytes';
import type { Random } from '@touchstone/ports';
import { checkDataKey } from './dataset';
import { featureCount, featuresOf } from './features';
import type { ImageShape } from './features';
import { decryptData, derivedKey, encryptData } from '@touchstone/encrypted-data';
import { ClassifierError } from './classifier-error';

/** A multinomial logistic regression over the pooled pixels of an image. */
export interface Model extends ImageShape {
  readonly classes: number;
  /** One row of `classes` weights for each feature, and a last row of biases. */
  readonly weights: Float32Array;
}

const LABEL = 'TSMODEL1';
const KEY_PURPOSE = 'touchstone trainer model 1';
const MAX_WEIGHTS = 16 * 1024 * 1024;

/** Rows u16, columns u16, classes u16, zero u16, weights f32; little-endian. */
export function encodeModel({ rows, columns, classes, weights }: Model): Uint8Array {
  const floats = new DataView(new ArrayBuffer(weights.length * 4));
  weights.forEach((weight, i) => floats.setFloat32(i * 4, weight, true));
  return new ByteWriter()
    .u16le('rows', rows)
    .u16le('columns', columns)
    .u16le('classes', classes)
    .zeros(2)
    .bytes('weights', new Uint8Array(floats.buffer))
    .finish();
}

/** @throws ClassifierError MODEL_MALFORMED */
export function decodeModel(bytes: Uint8Array): Model {
  try {
    const r = new ByteReader(bytes);
    const rows = r.u16le('rows');
    const columns = r.u16le('columns');
    const classes = r.u16le('classes');
    r.zeros('reserved', 2);
    const count = (featureCount({ rows, columns }) + 1) * classes;
    if (count === 0 || count > MAX_WEIGHTS) throw malformed('weights');
    const floats = r.bytes('weights', count * 4);
    r.end('model');
    const view = new DataView(floats.buffer);
    const weights = Float32Array.from({ length: count }, (_, i) => view.getFloat32(i * 4, true));
    if (!weights.every(Number.isFinite)) throw malformed('weights');
    return { rows, columns, classes, weights };
  } catch (error) {
    throw error instanceof ClassifierError ? error : malformed('model', error);
  }
}

/** Encrypts under a key derived from the data key (HKDF with SHA-256): whoever has the data key can open it. */
export function encryptModel(model: Model, dataKey: Uint8Array, random: Random): Uint8Array {
  return encryptData(LABEL, modelKey(dataKey), encodeModel(model), random);
}

/** What the data owner does with an enclave's answer. @throws ClassifierError MODEL_REFUSED, MODEL_MALFORMED */
export function decryptModel(encrypted: Uint8Array, dataKey: Uint8Array): Model {
  const plain = decryptData(LABEL, modelKey(dataKey), encrypted);
  if (plain === undefined) {
    throw new ClassifierError('MODEL_REFUSED', 'the model does not open under this key');
  }
  return decodeModel(plain);
}

/** The likeliest class of one image (rows x columns bytes). */
export function classify(model: Model, pixels: Uint8Array): number {
  const features = featuresOf(pixels, model);
  let best = 0;
  let bestScore = -Infinity;
  for (let c = 0; c < model.classes; c++) {
    const score = features.reduce(
      (sum, feature, i) => sum + feature * (model.weights[i * model.classes + c] ?? 0),
      model.weights[features.length * model.classes + c] ?? 0,
    );
    if (score > bestScore) [best, bestScore] = [c, score];
  }
  return best;
}

function modelKey(dataKey: Uint8Array): Uint8Array {
  checkDataKey(dataKey);
  return derivedKey(dataKey, KEY_PURPOSE);
}

function malformed(field: string, cause?: unknown): ClassifierError {
  return new ClassifierError('MODEL_MALFORMED', 'the model is malformed', { field, cause });
}
