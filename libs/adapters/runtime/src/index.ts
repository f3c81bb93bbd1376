export { systemClock } from './clock';
export type { SystemClockOptions } from './clock';
export { ConfigError, EnvReader, readEnv } from './env';
export type { EnvProblem, IntegerRange } from './env';
export { soleFleet } from './fleet';
export type { Fleet } from './fleet';
export { createLogger, LOG_LEVELS, silentLogger } from './logger';
export type { LogDestination, LoggerOptions, LogLevel } from './logger';
export { runFleetMain, runMain } from './main';
export type { Running } from './main';
export { createMetrics } from './metrics';
export type { DecisionObservation, HttpObservation, Metrics } from './metrics';
export { seededRandom, systemRandom } from './random';
export { redact } from './redaction';
export { DEFAULT_HOME, DEFAULT_HOST, isLoopback, readServiceSettings } from './service-settings';
export type { ServiceSettings } from './service-settings';
export type { ServiceStart } from './service-start';
export { onShutdown, SHUTDOWN_TIMEOUT_MS } from './shutdown';
export type { ShutdownOptions, ShutdownProcess } from './shutdown';
export {
  currentTrace,
  formatTraceparent,
  newTrace,
  nextSpan,
  parseTraceparent,
  withTrace,
} from './trace';
export type { Trace } from './trace';
