import type { Request } from 'express';
import type { Evaluation, PckCa, Tcb } from '@touchstone/authority';
import { fromHex } from '@touchstone/bytes';
import { queryValue } from '@touchstone/http';
import { invalid } from './request-error';

const HEX = /^[0-9a-fA-F]*$/;
const EVALUATION_NUMBER = /^\d{1,5}$/;

/** Hex digits of the Base16 parameters of the PCS. */
export const DIGITS = { encrypted_ppid: 768, cpusvn: 32, pcesvn: 4, pceid: 4, fmspc: 12 } as const;
export type HexParameter = keyof typeof DIGITS;

/** The digits of a hex parameter, upper case. PCS_INVALID_REQUEST when it is missing or not of its length. */
export function hexDigits(name: HexParameter, value: unknown): string {
  if (value === undefined) throw invalid(name, 'is missing');
  if (typeof value === 'string' && value.length === DIGITS[name] && HEX.test(value)) {
    return value.toUpperCase();
  }
  throw invalid(name, `is not ${DIGITS[name]} hex digits`);
}

export const hexQuery = (request: Request, name: HexParameter): string =>
  hexDigits(name, queryValue(request, name));

/** CPUSVN and PCESVN (two bytes, little-endian) as a TCB. */
export const rawTcb = (cpuSvn: string, pceSvn: string): Tcb => ({
  components: [...fromHex(cpuSvn)],
  pceSvn: Buffer.from(pceSvn, 'hex').readUInt16LE(),
});

/** One of the given words; the first one when the parameter is absent. */
export function wordQuery<Word extends string>(
  request: Request,
  name: string,
  words: readonly [Word, ...Word[]],
): Word {
  const value = queryValue(request, name);
  if (value === undefined) return words[0];
  const word = words.find((one) => one === value);
  if (word === undefined) throw invalid(name, `is none of ${words.join(', ')}`);
  return word;
}

export function caQuery(request: Request): PckCa {
  if (queryValue(request, 'ca') === undefined) throw invalid('ca', 'is missing');
  return wordQuery(request, 'ca', ['processor', 'platform']);
}

/** `update` or `tcbEvaluationDataNumber`, but not both. */
export function evaluationQuery(request: Request): Evaluation {
  const number = queryValue(request, 'tcbEvaluationDataNumber');
  if (number === undefined) return { update: wordQuery(request, 'update', ['standard', 'early']) };
  if (queryValue(request, 'update') !== undefined) {
    throw invalid('tcbEvaluationDataNumber', 'does not go together with update');
  }
  if (!EVALUATION_NUMBER.test(number)) throw invalid('tcbEvaluationDataNumber', 'is no number');
  return { evaluationDataNumber: Number(number) };
}
