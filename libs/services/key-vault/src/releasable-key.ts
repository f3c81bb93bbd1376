import type { CheckLog } from '@touchstone/decision';
import type { VaultKeyVersion } from '@touchstone/ports';
import { parseReleasePolicy } from '@touchstone/release';
import type { ReleasePolicy } from '@touchstone/release';
import { VaultError } from './vault-error';
import type { VaultErrorCode } from './vault-error';

interface Question {
  readonly name: string;
  readonly code: VaultErrorCode;
  readonly passes: (key: VaultKeyVersion, at: Date) => boolean;
  readonly read: (key: VaultKeyVersion) => string;
  readonly expected: (at: Date) => string;
}

const instant = (at: Date | undefined): string => at?.toISOString() ?? 'not set';

/** What a key must be before anyone looks at the token, in order. */
const QUESTIONS: readonly Question[] = [
  {
    name: 'key-enabled',
    code: 'VAULT_KEY_DISABLED',
    passes: ({ enabled }) => enabled,
    read: ({ enabled }) => String(enabled),
    expected: () => 'true',
  },
  {
    name: 'key-not-before',
    code: 'VAULT_KEY_NOT_YET_VALID',
    passes: ({ notBefore }, at) => notBefore === undefined || notBefore.getTime() <= at.getTime(),
    read: ({ notBefore }) => instant(notBefore),
    expected: (at) => `at or before ${instant(at)}`,
  },
  {
    name: 'key-expires',
    code: 'VAULT_KEY_EXPIRED',
    passes: ({ expires }, at) => expires === undefined || at.getTime() < expires.getTime(),
    read: ({ expires }) => instant(expires),
    expected: (at) => `after ${instant(at)}`,
  },
  {
    name: 'key-exportable',
    code: 'VAULT_KEY_NOT_EXPORTABLE',
    passes: ({ exportable, releasePolicy }) => exportable && releasePolicy !== undefined,
    read: ({ exportable, releasePolicy }) =>
      `${exportable}, ${releasePolicy ? 'with' : 'without'} policy`,
    expected: () => 'true, with policy',
  },
];

/** The policy of a key that may be released at this time; VAULT_KEY_* otherwise. */
export function policyOfReleasable(
  key: VaultKeyVersion,
  at: Date,
  checks: CheckLog,
): ReleasePolicy {
  for (const { name, code, passes, read, expected } of QUESTIONS) {
    const details = { read: read(key), expected: expected(at) };
    if (!passes(key, at)) {
      checks.failed(name, { ...details, code });
      throw new VaultError(code, `the key fails ${name}`, { field: key.name });
    }
    checks.passed(name, details);
  }
  return parseReleasePolicy(key.releasePolicy?.data ?? '');
}
