import { hasCode } from '@touchstone/errors';
import type { HttpClient, HttpResponse } from '@touchstone/http-client';
import { DEFAULT_RETRIES, DEFAULT_RETRY_DELAY_MS, MAX_RETRY_AFTER_MS } from './limits';
import { PcsError, type PcsErrorCode } from './pcs-error';

export interface RetryOptions {
  /** Attempts beyond the first. */
  readonly retries?: number;
  readonly retryDelayMs?: number;
  /** Waits that many milliseconds. */
  readonly wait?: (ms: number) => Promise<void>;
}

export interface AskOptions extends RetryOptions {
  readonly http: Pick<HttpClient, 'request'>;
  readonly timeoutMs?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Question {
  readonly url: string;
  /** What is asked for, as errors name it. */
  readonly what: string;
  readonly maxBytes: number;
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A 200 answer, after as many attempts as are allowed; anything else is a PcsError. */
export async function ask(options: AskOptions, question: Question): Promise<HttpResponse> {
  const {
    retries = DEFAULT_RETRIES,
    retryDelayMs = DEFAULT_RETRY_DELAY_MS,
    wait = sleep,
  } = options;
  for (let attempt = 0; ; attempt++) {
    const outcome = await attemptOnce(options, question);
    if (!(outcome instanceof Failure)) return outcome;
    const delay = outcome.retryAfterMs ?? retryDelayMs * 2 ** attempt;
    if (!outcome.passing || attempt >= retries || delay > MAX_RETRY_AFTER_MS) throw outcome.error;
    await wait(delay);
  }
}

class Failure {
  constructor(
    readonly error: PcsError,
    /** Whether another attempt may fare better. */
    readonly passing: boolean,
    readonly retryAfterMs?: number,
  ) {}
}

async function attemptOnce(
  options: AskOptions,
  question: Question,
): Promise<HttpResponse | Failure> {
  const { http, timeoutMs, headers } = options;
  let response: HttpResponse;
  try {
    response = await http.request({
      method: 'GET',
      url: question.url,
      maxBodyBytes: question.maxBytes,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(headers ? { headers } : {}),
    });
  } catch (cause) {
    return transportFailure(question, cause);
  }
  return response.status === 200 ? response : statusFailure(question, response);
}

function transportFailure({ what }: Question, cause: unknown): Failure {
  if (hasCode(cause, 'HTTP_BODY_TOO_LARGE')) {
    return new Failure(
      new PcsError('PCS_TOO_LARGE', `${what} is too large`, { field: what, cause }),
      false,
    );
  }
  const error = new PcsError('PCS_UNREACHABLE', `${what} cannot be fetched`, {
    field: what,
    cause,
  });
  return new Failure(error, !hasCode(cause, 'HTTP_URL_REFUSED'));
}

/** Statuses of the PCS and, from 460 on, of the PCCS. */
const CODES: Readonly<Record<number, PcsErrorCode>> = {
  400: 'PCS_REFUSED',
  401: 'PCS_UNAUTHORIZED',
  403: 'PCS_UNAUTHORIZED',
  404: 'PCS_NOT_FOUND',
  410: 'PCS_GONE',
  429: 'PCS_THROTTLED',
  461: 'PCS_NOT_FOUND',
  462: 'PCS_NOT_AVAILABLE',
};

function statusFailure({ what }: Question, { status, headers }: HttpResponse): Failure {
  const code = CODES[status] ?? (status >= 500 ? 'PCS_UNREACHABLE' : 'PCS_BAD_ANSWER');
  const error = new PcsError(code, `${what} was answered with status ${status}`, { field: what });
  const seconds = Number(headers['retry-after']);
  const passing = status === 429 || status >= 500;
  return seconds > 0 ? new Failure(error, passing, seconds * 1000) : new Failure(error, passing);
}
