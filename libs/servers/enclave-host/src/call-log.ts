import { CodedError } from '@touchstone/errors';
import type { AroundCall } from '@touchstone/enclave-rpc';
import type { Logger, Random } from '@touchstone/ports';
import {
  formatTraceparent,
  newTrace,
  nextSpan,
  parseTraceparent,
  withTrace,
} from '@touchstone/runtime';
import type { Metrics } from '@touchstone/runtime';

export interface CallLogOptions {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly random: Random;
}

/** Every call goes on with its caller's trace, or begins one, and leaves one line and one count. */
export function callLog({ logger, metrics, random }: CallLogOptions): AroundCall {
  return (context, run) => {
    const callers = parseTraceparent(context.traceparent);
    const trace = callers === undefined ? newTrace(random) : nextSpan(callers, random);
    context.sendTraceparent(formatTraceparent(trace));
    return withTrace(trace, async () => {
      const started = performance.now();
      const tell = (code: string): void => {
        const durationMs = Math.round(performance.now() - started);
        logger.info('call', { method: context.method, code, durationMs });
        metrics.count('grpc_calls_total', 'Calls by method and outcome.', {
          method: context.method,
          code,
        });
      };
      try {
        const result = await run();
        tell('OK');
        return result;
      } catch (error) {
        tell(error instanceof CodedError ? error.code : 'INTERNAL');
        throw error;
      }
    });
  };
}
