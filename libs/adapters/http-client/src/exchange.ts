import { request as send, type Dispatcher } from 'undici';
import { currentTrace, formatTraceparent } from '@touchstone/runtime';
import { readBody } from './body';
import type { HttpRequest, HttpResponse } from './http-client';
import { HttpClientError } from './http-client-error';
import type { Route } from './route';

export interface ExchangeLimits {
  readonly timeoutMs: number;
  readonly maxBodyBytes: number;
}

const USER_AGENT = 'touchstone';

/** One request and its whole answer, within one time limit. */
export async function exchange(
  dispatcher: Dispatcher,
  route: Route,
  request: HttpRequest,
  limits: ExchangeLimits,
): Promise<HttpResponse> {
  const timeoutMs = request.timeoutMs ?? limits.timeoutMs;
  try {
    const answer = await send(`${route.origin}${route.path}`, {
      dispatcher,
      method: request.method,
      headers: headersOf(request, route),
      body: request.body ?? null,
      signal: AbortSignal.timeout(timeoutMs),
    });
    const body = await readBody(
      answer.body,
      request.maxBodyBytes ?? limits.maxBodyBytes,
      route.named,
    );
    return { status: answer.statusCode, headers: flatten(answer.headers), body };
  } catch (cause) {
    throw failureOf(cause, route.named, timeoutMs);
  }
}

function headersOf(request: HttpRequest, route: Route): Record<string, string> {
  const trace = currentTrace();
  return {
    'user-agent': USER_AGENT,
    ...(trace !== undefined && { traceparent: formatTraceparent(trace) }),
    ...(route.host !== undefined && { host: route.host }),
    ...request.headers,
  };
}

function flatten(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name] = typeof value === 'string' ? value : value.join(', ');
  }
  return flat;
}

function failureOf(cause: unknown, origin: string, timeoutMs: number): HttpClientError {
  if (cause instanceof HttpClientError) return cause;
  if (isTimeout(cause)) {
    const message = `${origin} did not answer within ${timeoutMs} ms`;
    return new HttpClientError('HTTP_TIMEOUT', message, { field: origin, cause });
  }
  const reason = causeText(cause);
  return new HttpClientError(
    'HTTP_UNREACHABLE',
    `${origin} cannot be reached${reason === '' ? '' : `: ${reason}`}`,
    {
      field: origin,
      cause,
    },
  );
}

/** The abort of `AbortSignal.timeout`, and undici's own timeouts. */
const TIMEOUTS = new Set([
  'TimeoutError',
  'ConnectTimeoutError',
  'HeadersTimeoutError',
  'BodyTimeoutError',
]);

function isTimeout(cause: unknown): boolean {
  return hasText(cause, 'name') && TIMEOUTS.has(cause.name);
}

const causeText = (cause: unknown): string => (hasText(cause, 'message') ? cause.message : '');

function hasText<Member extends string>(
  value: unknown,
  member: Member,
): value is Record<Member, string> {
  return (
    typeof value === 'object' &&
    value !== null &&
    member in value &&
    typeof (value as Record<Member, unknown>)[member] === 'string'
  );
}
