import { ByteReader, ByteWriter, concat } from '@touchstone/bytes';
import { decryptData, derivedKey, encryptData } from '@touchstone/encrypted-data';
import type { Random } from '@touchstone/ports';
import { JointTrainerError } from './joint-trainer-error';

/** An image that a participant wants to have classified. */
export interface InferenceRequest {
  /** Greater with each request of a participant, so that none is answered twice. 32 bits. */
  readonly number: number;
  /** One byte a pixel, row by row. */
  readonly pixels: Uint8Array;
}

export interface InferenceAnswer {
  /** Of the request that this answers. */
  readonly number: number;
  /** The likeliest class. */
  readonly label: number;
}

const REQUEST_LABEL = 'TSINFRQ1';
const ANSWER_LABEL = 'TSINFAN1';
const REQUEST_PURPOSE = 'touchstone joint-trainer request 1';
const ANSWER_PURPOSE = 'touchstone joint-trainer answer 1';
const NUMBER_BYTES = 4;

/** `TSINFRQ1` ‖ IV ‖ AES-256-GCM of number u32 little-endian ‖ pixels ‖ tag, under a key derived from the data key. */
export function encryptRequest(
  { number, pixels }: InferenceRequest,
  dataKey: Uint8Array,
  random: Random,
): Uint8Array {
  const plain = concat(new ByteWriter().u32le('number', number).finish(), pixels);
  return encryptData(REQUEST_LABEL, derivedKey(dataKey, REQUEST_PURPOSE), plain, random);
}

/** @throws JointTrainerError INFERENCE_REFUSED, INFERENCE_MALFORMED */
export function decryptRequest(box: Uint8Array, dataKey: Uint8Array): InferenceRequest {
  const plain = opened(decryptData(REQUEST_LABEL, derivedKey(dataKey, REQUEST_PURPOSE), box));
  if (plain.length <= NUMBER_BYTES) throw malformed('pixels');
  return {
    number: new ByteReader(plain).u32le('number'),
    pixels: plain.slice(NUMBER_BYTES),
  };
}

/** `TSINFAN1` ‖ IV ‖ AES-256-GCM of number u32 ‖ class u16, little-endian ‖ tag, under another derived key. */
export function encryptAnswer(
  { number, label }: InferenceAnswer,
  dataKey: Uint8Array,
  random: Random,
): Uint8Array {
  const plain = new ByteWriter().u32le('number', number).u16le('label', label).finish();
  return encryptData(ANSWER_LABEL, derivedKey(dataKey, ANSWER_PURPOSE), plain, random);
}

/**
 * The class that was asked for with the request of this number.
 * @throws JointTrainerError INFERENCE_REFUSED, INFERENCE_MALFORMED, INFERENCE_REPLAYED
 */
export function decryptAnswer(box: Uint8Array, dataKey: Uint8Array, expected: number): number {
  const plain = opened(decryptData(ANSWER_LABEL, derivedKey(dataKey, ANSWER_PURPOSE), box));
  try {
    const reader = new ByteReader(plain);
    const number = reader.u32le('number');
    const label = reader.u16le('label');
    reader.end('answer');
    if (number === expected) return label;
  } catch (cause) {
    throw malformed('answer', cause);
  }
  throw new JointTrainerError('INFERENCE_REPLAYED', 'the answer is to another request', {
    field: 'number',
  });
}

function opened(plain: Uint8Array | undefined): Uint8Array {
  if (plain !== undefined) return plain;
  throw new JointTrainerError('INFERENCE_REFUSED', 'it does not open under this key');
}

function malformed(field: string, cause?: unknown): JointTrainerError {
  return new JointTrainerError('INFERENCE_MALFORMED', `the message is malformed: ${field}`, {
    field,
    cause,
  });
}
