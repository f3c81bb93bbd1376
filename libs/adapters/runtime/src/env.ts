import { CodedError } from '@touchstone/errors';

export interface EnvProblem {
  readonly name: string;
  readonly problem: string;
}

/** Everything that is wrong with a configuration, all at once. */
export class ConfigError extends CodedError<'CONFIG_INVALID'> {
  readonly problems: readonly EnvProblem[];

  constructor(problems: readonly EnvProblem[]) {
    const lines = problems.map(({ name, problem }) => `${name} ${problem}`);
    super('CONFIG_INVALID', `the configuration is not valid: ${lines.join('; ')}`, {
      field: problems.map(({ name }) => name).join(','),
    });
    this.problems = problems;
  }
}

export interface IntegerRange {
  readonly min: number;
  readonly max: number;
}

const PORTS: IntegerRange = { min: 0, max: 65535 };
const MAX_ENV_JSON_CHARACTERS = 256 * 1024;

/**
 * Reads named values and collects what is wrong with them. An unset or empty variable is absent. A method that finds
 * a bad value notes the problem and answers with the default, so that reading goes on; `readEnv` throws at the end.
 */
export class EnvReader {
  readonly problems: EnvProblem[] = [];
  readonly #env: NodeJS.ProcessEnv;

  constructor(env: NodeJS.ProcessEnv) {
    this.#env = env;
  }

  optional(name: string): string | undefined {
    const value = this.#env[name];
    return value === undefined || value === '' ? undefined : value;
  }

  text(name: string, fallback: string): string {
    return this.optional(name) ?? fallback;
  }

  required(name: string): string {
    return this.optional(name) ?? this.#note(name, 'is not set', '');
  }

  integer(name: string, fallback: number, range: IntegerRange): number {
    const value = this.optional(name);
    if (value === undefined) return fallback;
    const number = /^-?\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
    if (number >= range.min && number <= range.max) return number;
    return this.#note(name, `must be a whole number from ${range.min} to ${range.max}`, fallback);
  }

  port(name: string, fallback: number): number {
    return this.integer(name, fallback, PORTS);
  }

  flag(name: string, fallback = false): boolean {
    const value = this.optional(name);
    if (value === undefined) return fallback;
    if (value === '1' || value === 'true') return true;
    if (value === '0' || value === 'false') return false;
    return this.#note(name, 'must be 1, 0, true or false', fallback);
  }

  oneOf<Choice extends string>(name: string, choices: readonly Choice[], fallback: Choice): Choice {
    const value = this.optional(name);
    if (value === undefined) return fallback;
    const choice = choices.find((candidate) => candidate === value);
    return choice ?? this.#note(name, `must be one of ${choices.join(', ')}`, fallback);
  }

  /** An instant, ISO 8601 with a zone. */
  date(name: string): Date | undefined {
    const value = this.optional(name);
    if (value === undefined) return undefined;
    const date = new Date(value);
    const zoned = /(?:Z|[+-]\d\d:\d\d)$/.test(value);
    if (zoned && !Number.isNaN(date.getTime())) return date;
    return this.#note(name, 'must be an instant such as 2026-01-31T12:00:00Z', undefined);
  }

  /** An absolute https (or http) URL without its trailing slash. */
  url(name: string): string | undefined;
  url(name: string, fallback: string): string;
  url(name: string, fallback?: string): string | undefined {
    const value = this.optional(name);
    if (value === undefined) return fallback;
    if (isWebUrl(value)) return value.replace(/\/$/, '');
    return this.#note(name, 'must be an absolute http or https URL', fallback);
  }

  hex(name: string): string | undefined {
    const value = this.optional(name);
    if (value === undefined) return undefined;
    if (/^(?:[0-9a-f]{2})+$/i.test(value)) return value.toLowerCase();
    return this.#note(name, 'must be an even number of hex digits', undefined);
  }

  /** Values separated by commas, trimmed; empty ones are dropped. */
  list(name: string, fallback: readonly string[] = []): readonly string[] {
    const value = this.optional(name);
    if (value === undefined) return fallback;
    const items = value.split(',').map((item) => item.trim());
    return items.filter((item) => item !== '');
  }

  /** A JSON value; `read` narrows it and throws with a reason when its shape is wrong. */
  json<Value>(name: string, read: (value: unknown) => Value, fallback: Value): Value {
    const value = this.optional(name);
    if (value === undefined) return fallback;
    if (value.length > MAX_ENV_JSON_CHARACTERS) return this.#note(name, 'is too long', fallback);
    try {
      return read(JSON.parse(value));
    } catch (error) {
      const reason =
        error instanceof SyntaxError ? 'is not JSON' : `is not as expected: ${String(error)}`;
      return this.#note(name, reason, fallback);
    }
  }

  /** For a rule between values. */
  refuse(name: string, problem: string): void {
    this.#note(name, problem, undefined);
  }

  #note<Value>(name: string, problem: string, value: Value): Value {
    this.problems.push({ name, problem });
    return value;
  }
}

function isWebUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  return ['http:', 'https:'].includes(new URL(text).protocol);
}

/** Builds a configuration; throws one CONFIG_INVALID that lists every problem. */
export function readEnv<Config>(
  env: NodeJS.ProcessEnv,
  build: (reader: EnvReader) => Config,
): Config {
  const reader = new EnvReader(env);
  const config = build(reader);
  if (reader.problems.length > 0) throw new ConfigError(reader.problems);
  return config;
}
