import { z } from 'zod';

/** Answer of attest, policy and certificate operations. */
export interface TokenAnswer {
  readonly token: string;
}

/** What happened, for programs and for people. */
export interface ErrorDetail {
  readonly code: string;
  readonly message: string;
}

export interface ErrorAnswer {
  readonly error: ErrorDetail & { readonly innererror?: ErrorDetail };
}

export const RequestHeader = { clientRequestId: 'x-ms-client-request-id' } as const;
export const AnswerHeader = {
  requestId: 'x-ms-request-id',
  serviceVersion: 'x-ms-maa-service-version',
} as const;

export const tokenAnswer = (token: string): TokenAnswer => ({ token });

/** Codes under which build 1.11, which alone was recorded with them, says the same again in `innererror`. */
const CODES_SAID_TWICE: ReadonlySet<string> = new Set([
  'PolicyEvaluationError',
  'PolicyParsingError',
  'InvalidOperation',
]);

export function errorAnswer(code: string, message: string): ErrorAnswer {
  const detail = { code, message };
  return { error: CODES_SAID_TWICE.has(code) ? { ...detail, innererror: detail } : detail };
}

/** For clients: the answer of an attest operation. */
export const tokenAnswerSchema = z.object({
  token: z.string().regex(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*$/),
});

/** For clients: a refusal. */
export const errorAnswerSchema = z.object({
  error: z.object({ code: z.string(), message: z.string() }),
});
