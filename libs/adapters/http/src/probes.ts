import type { NextFunction, Request, Response } from 'express';
import type { Logger } from '@touchstone/ports';
import type { Metrics } from '@touchstone/runtime';

export interface ProbeOptions {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly ready?: () => Promise<void>;
}

/** `GET /healthz`: the process answers. `GET /readyz`: it can serve. `GET /metrics`: Prometheus text. */
export function probes(options: ProbeOptions) {
  const answers: Readonly<Record<string, (response: Response) => Promise<void>>> = {
    '/healthz': async (response) => void response.json({ status: 'ok' }),
    '/readyz': async (response) => answerReady(options, response),
    '/metrics': async (response) => {
      response.set('content-type', options.metrics.contentType).send(await options.metrics.text());
    },
  };
  return (request: Request, response: Response, next: NextFunction): void => {
    const readable = request.method === 'GET' || request.method === 'HEAD';
    const answer =
      readable && Object.hasOwn(answers, request.path) ? answers[request.path] : undefined;
    if (answer === undefined) return next();
    answer(response).catch(next);
  };
}

async function answerReady({ ready, logger }: ProbeOptions, response: Response): Promise<void> {
  try {
    await ready?.();
    response.json({ status: 'ready' });
  } catch (error) {
    logger.warn('not ready', { error });
    response.status(503).json({ status: 'not ready' });
  }
}
