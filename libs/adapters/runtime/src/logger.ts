import cluster from 'node:cluster';
import pino from 'pino';
import type { Logger, LogFields } from '@touchstone/ports';
import { redact } from './redaction';
import { standardOutput } from './standard-output';
import { currentTrace } from './trace';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Where lines go: one call, one whole line. */
export interface LogDestination {
  write(line: string): void;
}

export interface LoggerOptions {
  readonly service: string;
  readonly level?: LogLevel;
  /** Default: standard output. */
  readonly destination?: LogDestination;
}

/**
 * One JSON line per call: `time` (ISO 8601), `level`, `service`, in a worker its number, `msg`, the trace of the request if
 * there is one, and the fields, redacted.
 */
export function createLogger(options: LoggerOptions): Logger {
  const destination = options.destination ?? standardOutput();
  return wrap(
    pino(
      {
        level: options.level ?? 'info',
        base: {
          service: options.service,
          ...(cluster.worker !== undefined && { worker: cluster.worker.id }),
        },
        timestamp: pino.stdTimeFunctions.isoTime,
        formatters: { level: (label) => ({ level: label }) },
        mixin: traceFields,
      },
      destination,
    ),
  );
}

function traceFields(): Record<string, string> {
  const trace = currentTrace();
  return trace === undefined ? {} : { trace: trace.traceId, span: trace.spanId };
}

function wrap(line: pino.Logger): Logger {
  const write = (level: Exclude<LogLevel, 'silent'>) => (message: string, fields?: LogFields) => {
    if (!line.isLevelEnabled(level)) return;
    line[level](fields === undefined ? {} : redact(fields), message);
  };
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: (fields) => wrap(line.child(redact(fields) as Record<string, unknown>)),
  };
}

/** A logger that says nothing. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLogger,
};
