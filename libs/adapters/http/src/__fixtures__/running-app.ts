import http from 'node:http';
import type { Express } from 'express';
import { CodedError } from '@touchstone/errors';
import { createLogger, createMetrics, type Metrics } from '@touchstone/runtime';
import { createApp, type AppOptions } from '../app';
import { directListener, type DirectRouter } from '../direct';
import type { ErrorDialect } from '../error-dialect';
import { listen, type Listening } from '../listen';

/** A dialect with a table of its own and JSON bodies. */
export const dialect: ErrorDialect = {
  table: {
    DOOR_LOCKED: { status: 403, code: 'Locked', headers: { 'x-door': 'locked' } },
    DOOR_TEXT: { status: 409, message: (error) => `about ${error.field}` },
    HTTP_BODY_TOO_LARGE: { status: 413, code: 'TooLarge' },
  },
  encode: ({ code, message, requestId }) => ({
    headers: { 'x-dialect': 'test' },
    body: { code: code ?? 'none', message, requestId },
  }),
};

export class DoorError extends CodedError {}

export interface RunningApp extends Listening {
  readonly lines: Record<string, unknown>[];
  readonly metrics: Metrics;
}

export async function runApp(
  routes: (app: Express) => void,
  { direct, ...overrides }: Partial<AppOptions> & { readonly direct?: DirectRouter } = {},
): Promise<RunningApp> {
  const lines: Record<string, unknown>[] = [];
  const destination = {
    write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>),
  };
  const logger = createLogger({ service: 'test', destination });
  const metrics = createMetrics('test');
  const clock = { now: () => new Date(0) };
  const requestId = 'azure';
  const express = createApp({
    service: 'test',
    logger,
    metrics,
    clock,
    requestId,
    errors: dialect,
    routes,
    ...overrides,
  });
  const app = direct ? directListener(express, direct, { logger, metrics, requestId }) : express;
  const listening = await listen({ app, host: '127.0.0.1', port: 0, logger, drainMs: 500 });
  return { ...listening, lines, metrics };
}

export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
}

export interface Question {
  readonly method?: string;
  readonly headers?: http.OutgoingHttpHeaders;
  /** Several parts are sent one after the other, without a Content-Length. */
  readonly body?: string | Buffer | readonly (string | Buffer)[];
}

/** Asks with `node:http`, which lets a test send what a well-behaved client would not. */
export function ask(
  url: string,
  { method = 'GET', headers = {}, body }: Question = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
    });
    request.on('error', reject);
    if (typeof body === 'string' || Buffer.isBuffer(body)) request.end(body);
    else {
      for (const part of body ?? []) request.write(part);
      request.end();
    }
  });
}
