import { toUtf8 } from '@touchstone/bytes';
import type { HttpClient } from '@touchstone/http-client';
import type { Endpoints } from './endpoints';

export interface OperatorRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** With its query. */
  readonly path: string;
  readonly sent?: object;
}

/** Asks the attestation service of a running ecosystem as its operator; `refused` makes an error of the service's own message. */
export async function askOperator<Answer>(
  { services, operatorToken }: Endpoints,
  http: HttpClient,
  { method, path, sent }: OperatorRequest,
  refused: (message: string) => Error,
): Promise<Answer> {
  const { status, body } = await http.request({
    method,
    url: `${services['attestation-service'] ?? ''}${path}`,
    headers: { authorization: `Bearer ${operatorToken}`, 'content-type': 'application/json' },
    ...(sent && { body: JSON.stringify(sent) }),
  });
  const text = toUtf8(body);
  if (status >= 300) throw refused(messageOf(text, status));
  return (text === '' ? undefined : JSON.parse(text)) as Answer;
}

function messageOf(text: string, status: number): string {
  try {
    const { error } = JSON.parse(text) as { error?: { message?: string } };
    if (error?.message !== undefined) return error.message;
  } catch {
    // Whatever it is, it is not the service's own refusal; the status has to do.
  }
  return `the attestation service answered ${status}`;
}
