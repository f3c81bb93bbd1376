import { toUtf8 } from '@touchstone/bytes';
import { attestation } from '@touchstone/wire';
import type { HttpClient, HttpRequest, HttpResponse } from '@touchstone/http-client';
import type { z } from 'zod';
import { MaaClientError } from './maa-client-error';

/** Larger than any token or key set of the service. */
export const MAX_ANSWER_BYTES = 1024 * 1024;

/** Sends a request and answers with the 200 that came, whose body is JSON of the given form. */
export async function call<Schema extends z.ZodType>(
  http: HttpClient,
  request: HttpRequest,
  schema: Schema,
): Promise<{ value: z.output<Schema>; requestId: string }> {
  const response = await exchange(http, request);
  const requestId = response.headers[attestation.AnswerHeader.requestId] ?? '';
  if (response.status !== 200) throw failureOf(response, requestId);
  return { value: parse(response, schema), requestId };
}

async function exchange(http: HttpClient, request: HttpRequest): Promise<HttpResponse> {
  try {
    return await http.request({ ...request, maxBodyBytes: MAX_ANSWER_BYTES });
  } catch (cause) {
    throw new MaaClientError('MAA_UNAVAILABLE', 'the attestation service cannot be reached', {
      cause,
    });
  }
}

function failureOf(response: HttpResponse, requestId: string): MaaClientError {
  const { status } = response;
  const said = attestation.errorAnswerSchema.safeParse(json(response)).data?.error;
  const message = said?.message ?? `the attestation service answered ${status}`;
  if (status < 400 || status >= 500) return new MaaClientError('MAA_UNAVAILABLE', message);
  const refusal = { by: 'attestation', status, code: said?.code ?? '', requestId } as const;
  return new MaaClientError('MAA_REFUSED', message, { refusal });
}

function parse<Schema extends z.ZodType>(response: HttpResponse, schema: Schema): z.output<Schema> {
  const result = schema.safeParse(json(response));
  if (result.success) return result.data;
  throw new MaaClientError('MAA_BAD_ANSWER', 'the answer is not one of the attestation API', {
    cause: result.error,
  });
}

function json({ body }: HttpResponse): unknown {
  try {
    return JSON.parse(toUtf8(body));
  } catch {
    return undefined;
  }
}
