import { CodedError } from '@touchstone/errors';
import type { HttpClient } from '@touchstone/http-client';
import { OPERATOR_PROVIDERS_PATH } from '@touchstone/server-attestation';
import { askOperator } from './attestation-operator';
import type { Endpoints } from './endpoints';

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
  endpoints: Endpoints,
  http: HttpClient,
  pause: () => Promise<void>,
): Providers {
  const refused = (message: string): ProviderError =>
    new ProviderError('PROVIDER_REFUSED', message);
  function ask<Answer>(
    method: 'GET' | 'POST' | 'DELETE',
    name?: string,
    sent?: object,
  ): Promise<Answer> {
    const below = name === undefined ? '' : `/${encodeURIComponent(name)}`;
    const path = `${OPERATOR_PROVIDERS_PATH}${below}`;
    return askOperator(endpoints, http, { method, path, ...(sent && { sent }) }, refused);
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
