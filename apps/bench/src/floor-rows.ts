import { cryptoFloor, type FloorName } from './floor';
import { type MeasureOptions, measure } from './measure';
import { type Row, timeRow } from './row';

const NAMES = {
  p256Verify: 'crypto.p256-verify',
  rsaSign: 'crypto.rsa2048-sign',
  rsaVerify: 'crypto.rsa2048-verify',
  rsaEncrypt: 'crypto.rsa2048-encrypt',
} as const satisfies Record<FloorName, string>;

export type FloorTimes = Record<FloorName, number>;

export const floorTimes = (options: MeasureOptions): FloorTimes => measure(cryptoFloor(), options);

/** What the floors of all other rows are made of. */
export const floorRows = (times: FloorTimes): readonly Row[] =>
  (Object.keys(NAMES) as FloorName[]).map((name) => timeRow(NAMES[name], times[name]));
