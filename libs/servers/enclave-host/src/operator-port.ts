import { createApp, listen } from '@touchstone/http';
import type { Listening, TlsIdentity } from '@touchstone/http';
import type { Clock, Logger } from '@touchstone/ports';
import type { Metrics } from '@touchstone/runtime';

export interface OperatorPortOptions {
  readonly service: string;
  readonly host: string;
  readonly operatorPort?: number;
  readonly identity: TlsIdentity;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly ready: () => Promise<void>;
}

/** `/healthz`, `/readyz` and `/metrics` for whoever runs the host: what gRPC has no common form for. */
export async function startOperatorPort(
  options: OperatorPortOptions,
): Promise<Listening | undefined> {
  const { operatorPort: port, host, identity, logger } = options;
  if (port === undefined) return undefined;
  const app = createApp({
    ...options,
    requestId: 'azure',
    errors: { table: {}, encode: ({ message }) => ({ body: { error: message } }) },
    routes: () => undefined,
  });
  return listen({ app, host, port, tls: identity, logger });
}
