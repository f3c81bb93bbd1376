import { Metadata } from '@grpc/grpc-js';
import { service as healthService } from 'grpc-health-check';
import { openChannel } from './client';
import { fromServiceError } from './status';

export type HealthStatus = 'UNKNOWN' | 'SERVING' | 'NOT_SERVING' | 'SERVICE_UNKNOWN';

export interface HealthQuery {
  readonly url: string;
  /** PEM of the certificate authority. */
  readonly ca: string;
  /** Fully qualified service name; empty is the server as a whole. */
  readonly service?: string;
  readonly deadlineMilliseconds?: number;
}

const DEFAULT_DEADLINE_MILLISECONDS = 3_000;

/** Asks the standard health service (grpc.health.v1). Fails with `RpcCallError`. */
export async function checkHealth(query: HealthQuery): Promise<HealthStatus> {
  const method = healthService['Check'];
  if (method === undefined) throw new TypeError('the health service defines no Check');
  const client = openChannel(query.url, query.ca);
  const limit = query.deadlineMilliseconds ?? DEFAULT_DEADLINE_MILLISECONDS;
  try {
    return await new Promise<HealthStatus>((resolve, reject) => {
      client.makeUnaryRequest<object, object>(
        method.path,
        method.requestSerialize,
        method.responseDeserialize,
        { service: query.service ?? '' },
        new Metadata(),
        { deadline: Date.now() + limit },
        (error, answer) => (error ? reject(fromServiceError(error)) : resolve(statusIn(answer))),
      );
    });
  } finally {
    client.close();
  }
}

function statusIn(answer: object | undefined): HealthStatus {
  const status: unknown = answer !== undefined && 'status' in answer ? answer.status : undefined;
  if (status === 'SERVING' || status === 'NOT_SERVING' || status === 'SERVICE_UNKNOWN')
    return status;
  return 'UNKNOWN';
}
