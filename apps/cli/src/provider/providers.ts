import { toUtf8 } from '@touchstone/bytes';
import { CodedError } from '@touchstone/errors';
import type { HttpClient } from '@touchstone/http-client';
import { OPERATOR_PROVIDERS_PATH } from '@touchstone/server-attestation';
import type { Endpoints } from '@touchstone/server-ecosystem';

/** `message` is the service's own. */
export class ProviderError extends CodedError<'PROVIDER_REFUSED' | 'PROVIDER_NOT_READY'> {}

/** A provider as the attestation service describes it. */
export interface ProviderView {
  readonly name: string;
  readonly location: string;
  readonly trustModel: string;
  readonly status: string;
  readonly attestUri: string;
  /** Where this machine reaches it. */
  readonly localUri: string;
  readonly signers: number;
  readonly policies: readonly string[];
  readonly createdAt: string;
}

export interface NewProvider {
  readonly name: string;
  readonly location: string;
  /** PEM text; with it the provider is isolated. */
  readonly signers?: string;
}

/** The providers of a running attestation service, for its operator. */
export interface Providers {
  create(provider: NewProvider): Promise<ProviderView>;
  list(): Promise<readonly ProviderView[]>;
  show(name: string): Promise<ProviderView>;
  delete(name: string): Promise<void>;
  /** Asks until the provider is ready; PROVIDER_NOT_READY when it does not become so. */
  ready(name: string): Promise<ProviderView>;
}

const POLLS = 100;

export function createProviders(
  { services, operatorToken }: Endpoints,
  http: HttpClient,
  pause: () => Promise<void>,
): Providers {
  async function ask<Answer>(
    method: 'GET' | 'POST' | 'DELETE',
    name?: string,
    sent?: object,
  ): Promise<Answer> {
    const below = name === undefined ? '' : `/${encodeURIComponent(name)}`;
    const { status, body } = await http.request({
      method,
      url: `${services['attestation-service'] ?? ''}${OPERATOR_PROVIDERS_PATH}${below}`,
      headers: { authorization: `Bearer ${operatorToken}`, 'content-type': 'application/json' },
      ...(sent && { body: JSON.stringify(sent) }),
    });
    const text = toUtf8(body);
    if (status >= 300) throw new ProviderError('PROVIDER_REFUSED', messageOf(text, status));
    return (text === '' ? undefined : JSON.parse(text)) as Answer;
  }
  const show = (name: string): Promise<ProviderView> => ask('GET', name);
  return {
    create: (provider) => ask('POST', undefined, provider),
    list: async () => (await ask<{ providers: ProviderView[] }>('GET')).providers,
    show,
    delete: (name) => ask('DELETE', name),
    async ready(name) {
      for (let poll = 0; poll < POLLS; poll += 1) {
        const provider = await show(name);
        if (provider.status === 'Ready') return provider;
        await pause();
      }
      throw new ProviderError('PROVIDER_NOT_READY', `${name} is still not ready`);
    },
  };
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
