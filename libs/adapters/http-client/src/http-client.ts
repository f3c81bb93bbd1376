import { createAgents } from './agents';
import { exchange } from './exchange';
import { HttpClientError } from './http-client-error';
import { DEFAULT_MAX_BODY_BYTES, DEFAULT_TIMEOUT_MS } from './limits';
import { createRouter } from './route';

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A string is sent as UTF-8. */
  readonly body?: Uint8Array | string;
  readonly timeoutMs?: number;
  readonly maxBodyBytes?: number;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case; a header that came several times is joined with `, `. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Any status is an answer; redirects are not followed. Throws `HttpClientError`. */
export interface HttpClient {
  request(request: HttpRequest): Promise<HttpResponse>;
  close(): Promise<void>;
}

export interface HttpClientOptions {
  /** PEM of further authorities. Trusted beside the ones that Node trusts. */
  readonly ca?: string | readonly string[];
  /**
   * Origins that are reached at another address. Only the connection goes there: `Host`, and the name that the
   * certificate must carry, stay those of the URL.
   */
  readonly originMap?: Readonly<Record<string, string>>;
  /** For the whole exchange, connection and body included. */
  readonly timeoutMs?: number;
  readonly maxBodyBytes?: number;
  /** Attempts beyond the first when nothing was reached; only for GET and HEAD. */
  readonly retries?: number;
}

export function createHttpClient(options: HttpClientOptions = {}): HttpClient {
  const limits = {
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    maxBodyBytes: options.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES,
  };
  const agents = createAgents(options.ca);
  const routeOf = createRouter(options.originMap ?? {});

  return {
    request: async (request) => {
      const route = routeOf(request.url);
      const attempts = isRepeatable(request) ? 1 + (options.retries ?? 0) : 1;
      for (let attempt = 1; ; attempt++) {
        try {
          return await exchange(agents.for(route), route, request, limits);
        } catch (error) {
          if (attempt >= attempts || !wasUnreachable(error)) throw error;
        }
      }
    },
    close: () => agents.close(),
  };
}

/** What may be asked twice without being done twice. */
const isRepeatable = ({ method }: HttpRequest): boolean => method === 'GET' || method === 'HEAD';

const wasUnreachable = (error: unknown): boolean =>
  error instanceof HttpClientError && error.code === 'HTTP_UNREACHABLE';
