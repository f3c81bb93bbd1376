import type { HttpResponse } from '@touchstone/http-client';
import { jsonOf } from './bench';

export const QUOTE_INVALID = 'Native operation failed with 65534: The specified quote was invalid';
export const COLLATERAL_ERROR = `${QUOTE_INVALID} due to an error in the quote collateral.`;

export const EVIDENCE_REFUSALS = [
  `${QUOTE_INVALID}.`,
  COLLATERAL_ERROR,
  `${QUOTE_INVALID} because the TCBInfo or QEID provided by the PCK Cache Service was invalid.`,
  `${QUOTE_INVALID} because the device on which the quote was generated does not meet the Azure baseline requirements.`,
];

/** Where the live service was recorded to say the same again. */
const SAID_TWICE = ['PolicyEvaluationError', 'PolicyParsingError', 'InvalidOperation'];

/** The whole answer, and what every answer carries. */
export const expectRefusal = (
  response: HttpResponse,
  status: number,
  code: string,
  message: string,
): void => {
  const detail = { code, message };
  const error = SAID_TWICE.includes(code) ? { ...detail, innererror: detail } : detail;
  expect({ status: response.status, body: jsonOf(response) }).toEqual({ status, body: { error } });
  expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
  expect(response.headers['x-ms-request-id']).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
};

/** Evidence that was refused for one reason or another, and never by a failure of ours. */
export function expectRefusedEvidence(response: HttpResponse): void {
  expect(response.status).toBe(400);
  const { error } = jsonOf(response) as { error: { code: string; message: string } };
  expect(error.code).toBe('InvalidParameter');
  expect(EVIDENCE_REFUSALS).toContain(error.message);
}
