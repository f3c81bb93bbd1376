import { createEnclaveHostClient, type EnclaveHostClient } from '@touchstone/enclave-rpc';
import { currentTrace, formatTraceparent } from '@touchstone/runtime';
import { teeUnavailable } from '@touchstone/service-attestation';

export interface EnclaveHostOptions {
  /** gRPC base URL; undefined while it is not known, or when there is none. */
  readonly url: () => string | undefined;
  /** PEM of the authority of its certificate. */
  readonly ca: string;
  readonly protoFolder?: string;
}

/** The enclave host, connected to when it is first needed: it may start after us, and only TEE regions need it. */
export function lazyEnclaveHost({ url, ca, protoFolder }: EnclaveHostOptions) {
  let client: EnclaveHostClient | undefined;

  function connect(): EnclaveHostClient {
    const found = url();
    if (found === undefined) throw teeUnavailable('there is no enclave host');
    return createEnclaveHostClient({
      url: found,
      ca,
      ...(protoFolder !== undefined && { protoFolder }),
      traceparent: () => {
        const trace = currentTrace();
        return trace && formatTraceparent(trace);
      },
    });
  }

  return {
    host: (): EnclaveHostClient => {
      client ??= connect();
      return client;
    },
    close: (): void => client?.close(),
  };
}
