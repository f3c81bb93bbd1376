import { toUtf8 } from '@touchstone/bytes';
import type { Clock } from '@touchstone/ports';
import { EntraError } from './entra-error';
import type { HttpPort } from './http-port';

export interface EntraClientOptions {
  /** Such as `https://login.microsoftonline.com`. */
  readonly authority: string;
  readonly tenant: string;
  readonly clientId: string;
  readonly secret: string;
  readonly http: HttpPort;
  readonly clock: Clock;
}

/** Gets tokens by the client-credentials grant (RFC 6749 section 4.4) and keeps them while they are fresh. */
export interface EntraClient {
  /** An access token for a scope such as `https://vault.azure.net/.default`. */
  token(scope: string): Promise<string>;
}

/** A token is asked for again when it has less than this left. */
export const RENEW_BEFORE_SECONDS = 300;
export const MAX_KEPT_TOKENS = 32;
export const MAX_TOKEN_ANSWER_BYTES = 256 * 1024;

interface KeptToken {
  readonly token: Promise<string>;
  /** Milliseconds; infinite while the token is on its way. */
  renewAt: number;
}

/** Errors: ENTRA_TOKEN_REFUSED, ENTRA_ANSWER_INVALID, and those of the HTTP client. */
export function createEntraClient(options: EntraClientOptions): EntraClient {
  const kept = new Map<string, KeptToken>();

  return {
    token: (scope) => {
      const known = kept.get(scope);
      if (known !== undefined && options.clock.now().getTime() < known.renewAt) return known.token;
      const askedAt = options.clock.now().getTime();
      const asked = askForToken(options, scope);
      const entry: KeptToken = { token: asked.then(({ token }) => token), renewAt: Infinity };
      keep(kept, scope, entry);
      asked.then(
        ({ seconds }) => (entry.renewAt = askedAt + (seconds - RENEW_BEFORE_SECONDS) * 1_000),
        () => kept.get(scope) === entry && kept.delete(scope),
      );
      return entry.token;
    },
  };
}

function keep(kept: Map<string, KeptToken>, scope: string, entry: KeptToken): void {
  kept.delete(scope);
  const [oldest] = kept.keys();
  if (kept.size >= MAX_KEPT_TOKENS && oldest !== undefined) kept.delete(oldest);
  kept.set(scope, entry);
}

async function askForToken(
  { authority, tenant, clientId, secret, http }: EntraClientOptions,
  scope: string,
): Promise<{ token: string; seconds: number }> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: secret,
    scope,
  });
  const { status, body } = await http.request({
    method: 'POST',
    url: `${authority}/${encodeURIComponent(tenant)}/oauth2/v2.0/token`,
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: form.toString(),
    maxBodyBytes: MAX_TOKEN_ANSWER_BYTES,
  });
  const answer = parseAnswer(body);
  if (status !== 200) throw refusalOf(answer, status);
  const { access_token: token, expires_in: seconds } = answer;
  if (typeof token !== 'string' || token === '') {
    throw new EntraError('ENTRA_ANSWER_INVALID', 'the answer holds no token', {
      field: 'access_token',
    });
  }
  return { token, seconds: typeof seconds === 'number' ? seconds : 0 };
}

function parseAnswer(body: Uint8Array): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(toUtf8(body));
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch (cause) {
    throw new EntraError('ENTRA_ANSWER_INVALID', 'the answer is not JSON', { cause });
  }
  throw new EntraError('ENTRA_ANSWER_INVALID', 'the answer is not an object');
}

function refusalOf(answer: Record<string, unknown>, status: number): EntraError {
  const { error, error_codes: codes } = answer;
  const number: unknown = Array.isArray(codes) ? codes[0] : undefined;
  const name = typeof error === 'string' ? error : `status ${status}`;
  return new EntraError('ENTRA_TOKEN_REFUSED', `the authority refused a token: ${name}`, {
    ...(typeof number === 'number' && { field: `AADSTS${number}` }),
  });
}
