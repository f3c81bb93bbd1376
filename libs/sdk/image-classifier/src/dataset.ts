import { ByteReader, ByteWriter } from '@touchstone/bytes';
import type { Random } from '@touchstone/ports';
import {
  DATA_KEY_BYTES,
  decryptData,
  encryptData,
  ENCRYPTION_OVERHEAD_BYTES,
} from '@touchstone/encrypted-data';
import { ClassifierError } from './classifier-error';

/** Images of one size with a class each; the first `training` of them are to be learnt from, the others, if any, held out. */
export interface Dataset {
  readonly rows: number;
  readonly columns: number;
  /** Classes are 0 … classes - 1. */
  readonly classes: number;
  readonly training: number;
  /** One byte a pixel, row by row, image after image. */
  readonly pixels: Uint8Array;
  /** One byte an image. */
  readonly labels: Uint8Array;
}

const LABEL = 'TSDATA01';
const HEADER_BYTES = 16;
export const MAX_SIDE_PIXELS = 256;
export const MAX_CLASSES = 256;
/** Pixels of all images together: 40,000 images of 28 by 28. */
export const MAX_PIXELS = 32 * 1024 * 1024;
/** An image has four pixels at least, and one label. */
const MAX_LABELS = MAX_PIXELS / 4;
export const MAX_ENCRYPTED_DATASET_BYTES =
  LABEL.length + ENCRYPTION_OVERHEAD_BYTES + HEADER_BYTES + MAX_PIXELS + MAX_LABELS;

/**
 * A data set as bytes, integers little-endian: rows u16, columns u16, classes u16, zero u16, training images u32, held-out
 * images u32, then all pixels, then all labels.
 */
export function encodeDataset(dataset: Dataset): Uint8Array {
  checkDataset(dataset);
  const { rows, columns, classes, training, pixels, labels } = dataset;
  return new ByteWriter()
    .u16le('rows', rows)
    .u16le('columns', columns)
    .u16le('classes', classes)
    .zeros(2)
    .u32le('training', training)
    .u32le('heldOut', labels.length - training)
    .bytes('pixels', pixels)
    .bytes('labels', labels)
    .finish();
}

/** @throws ClassifierError DATASET_MALFORMED */
export function decodeDataset(bytes: Uint8Array): Dataset {
  try {
    const r = new ByteReader(bytes);
    const rows = r.u16le('rows');
    const columns = r.u16le('columns');
    const classes = r.u16le('classes');
    r.zeros('reserved', 2);
    const training = r.u32le('training');
    const count = training + r.u32le('heldOut');
    if (rows * columns * count > MAX_PIXELS) throw malformed('pixels');
    const pixels = r.bytes('pixels', rows * columns * count);
    const labels = r.bytes('labels', count);
    r.end('dataset');
    const dataset = { rows, columns, classes, training, pixels, labels };
    checkDataset(dataset);
    return dataset;
  } catch (error) {
    throw error instanceof ClassifierError ? error : malformed('dataset', error);
  }
}

/** Encrypts to the data key (32 bytes): `TSDATA01` ‖ IV ‖ AES-256-GCM ‖ tag. */
export function encryptDataset(dataset: Dataset, dataKey: Uint8Array, random: Random): Uint8Array {
  checkDataKey(dataKey);
  return encryptData(LABEL, dataKey, encodeDataset(dataset), random);
}

/** @throws ClassifierError DATASET_REFUSED, DATASET_MALFORMED */
export function decryptDataset(encrypted: Uint8Array, dataKey: Uint8Array): Dataset {
  checkDataKey(dataKey);
  if (encrypted.length > MAX_ENCRYPTED_DATASET_BYTES) throw malformed('dataset');
  const plain = decryptData(LABEL, dataKey, encrypted);
  if (plain === undefined) {
    throw new ClassifierError('DATASET_REFUSED', 'the data set does not open under this key');
  }
  return decodeDataset(plain);
}

export function checkDataKey(dataKey: Uint8Array): void {
  if (dataKey.length === DATA_KEY_BYTES) return;
  throw new ClassifierError('DATA_KEY_UNSUITABLE', 'the data key has 256 bits', {
    field: 'dataKey',
  });
}

function checkDataset({ rows, columns, classes, training, pixels, labels }: Dataset): void {
  if (!within(rows, 2, MAX_SIDE_PIXELS)) throw malformed('rows');
  if (!within(columns, 2, MAX_SIDE_PIXELS)) throw malformed('columns');
  if (!within(classes, 2, MAX_CLASSES)) throw malformed('classes');
  if (!within(training, 1, labels.length)) throw malformed('training');
  if (pixels.length !== labels.length * rows * columns || pixels.length > MAX_PIXELS) {
    throw malformed('pixels');
  }
  if (!labels.every((label) => label < classes)) throw malformed('labels');
}

const within = (value: number, min: number, max: number): boolean =>
  Number.isInteger(value) && value >= min && value <= max;

function malformed(field: string, cause?: unknown): ClassifierError {
  return new ClassifierError('DATASET_MALFORMED', `the data set is malformed: ${field}`, {
    field,
    cause,
  });
}
