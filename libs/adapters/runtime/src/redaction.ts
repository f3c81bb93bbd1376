import { isNativeError } from 'node:util/types';
import { CodedError } from '@touchstone/errors';

const REDACTED = '[redacted]';
const MAX_LOG_DEPTH = 6;
const MAX_LOG_MEMBERS = 100;
const MAX_LOG_TEXT = 2_000;

/** Member names whose values never reach a log, compared in lower case without `-` and `_`. */
const SECRET_MEMBERS = new Set([
  'accesstoken',
  'assertion',
  'authorization',
  'clientassertion',
  'clientsecret',
  'cookie',
  'credential',
  'evidence',
  'kek',
  'key',
  'keyhsm',
  'material',
  'password',
  'privatekey',
  'proxyauthorization',
  'quote',
  'rootprovisioningkey',
  'rootsealkey',
  'secret',
  'setcookie',
  'target',
  'token',
  'value',
]);

/** A compact JWS wherever it stands in a text. */
const COMPACT_JWS = /eyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g;

/** A copy of `value` that is safe to log: no secrets by name, no tokens, no bytes, bounded in depth and length. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return value;
  if (isNativeError(value)) return redactError(value, depth);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (depth >= MAX_LOG_DEPTH) return '[deep]';
  if (Array.isArray(value)) {
    return value.slice(0, MAX_LOG_MEMBERS).map((item) => redact(item, depth + 1));
  }
  return redactMembers(value, depth);
}

function redactMembers(value: object, depth: number): Record<string, unknown> {
  const clean: Record<string, unknown> = {};
  let count = 0;
  for (const [name, member] of Object.entries(value)) {
    if (count++ === MAX_LOG_MEMBERS) break;
    clean[name] =
      isSecretMember(name) && member !== undefined ? REDACTED : redact(member, depth + 1);
  }
  return clean;
}

const MAX_KNOWN_NAMES = 1_000;
const knownNames = new Map<string, boolean>();

/** Names are few and come again with every line, so that each is looked at once. */
function isSecretMember(name: string): boolean {
  const known = knownNames.get(name);
  if (known !== undefined) return known;
  const secret = SECRET_MEMBERS.has(name.toLowerCase().replace(/[-_]/g, ''));
  if (knownNames.size < MAX_KNOWN_NAMES) knownNames.set(name, secret);
  return secret;
}

function redactText(text: string): string {
  const clean = text.includes('eyJ') ? text.replace(COMPACT_JWS, REDACTED) : text;
  return clean.length <= MAX_LOG_TEXT ? clean : `${clean.slice(0, MAX_LOG_TEXT)}…`;
}

/** An error keeps its name, code, message, stack and causes; other members may hold what must not be logged. */
function redactError(error: Error, depth: number): Record<string, unknown> {
  const code = error instanceof CodedError ? error.code : systemCode(error);
  return {
    name: error.name,
    ...(code !== undefined && { code }),
    ...(error instanceof CodedError && error.field !== undefined && { field: error.field }),
    message: redactText(error.message),
    ...(error.stack !== undefined && { stack: redactText(error.stack) }),
    ...(error.cause !== undefined &&
      depth < MAX_LOG_DEPTH && { cause: redact(error.cause, depth + 1) }),
  };
}

function systemCode(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
