import { z } from 'zod';

/** Answer of attest, policy and certificate operations. */
export interface TokenAnswer {
  readonly token: string;
}

export interface ErrorAnswer {
  readonly error: { readonly code: string; readonly message: string };
}

export const RequestHeader = { clientRequestId: 'x-ms-client-request-id' } as const;
export const AnswerHeader = {
  requestId: 'x-ms-request-id',
  serviceVersion: 'x-ms-maa-service-version',
} as const;

export const tokenAnswer = (token: string): TokenAnswer => ({ token });

export const errorAnswer = (code: string, message: string): ErrorAnswer => ({
  error: { code, message },
});

/** For clients: the answer of an attest operation. */
export const tokenAnswerSchema = z.object({
  token: z.string().regex(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*$/),
});

/** For clients: a refusal. */
export const errorAnswerSchema = z.object({
  error: z.object({ code: z.string(), message: z.string() }),
});
