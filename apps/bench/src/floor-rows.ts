import { cryptoFloor } from './floor';
import { type MeasureOptions, measure } from './measure';
import { type Row, timeRow } from './row';

const NAMES = {
  p256Verify: 'crypto.p256-verify',
  rsaSign: 'crypto.rsa2048-sign',
  rsaVerify: 'crypto.rsa2048-verify',
  rsaEncrypt: 'crypto.rsa2048-encrypt',
} as const;

export type FloorTimes = Record<keyof typeof NAMES, number>;

export const floorTimes = (options: MeasureOptions): FloorTimes => measure(cryptoFloor(), options);

/** What the floors of all other rows are made of. */
export const floorRows = (times: FloorTimes): readonly Row[] =>
  (Object.keys(NAMES) as (keyof typeof NAMES)[]).map((name) => timeRow(NAMES[name], times[name]));
