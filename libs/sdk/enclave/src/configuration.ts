import { createHash } from 'node:crypto';
import { equal } from '@touchstone/bytes';
import { EnclaveSdkError } from './enclave-sdk-error';
import { identity } from './report';
import type { EnclaveRuntime } from './runtime';

/** CONFIGID (64 bytes) under which an enclave takes this configuration: its SHA-512. */
export const configIdOf = (configuration: Uint8Array): Uint8Array =>
  new Uint8Array(createHash('sha512').update(configuration).digest());

/** @throws EnclaveSdkError CONFIGURATION_MISMATCH */
export function verifyConfiguration(runtime: EnclaveRuntime, configuration: Uint8Array): void {
  if (equal(configIdOf(configuration), identity(runtime).configId)) return;
  throw new EnclaveSdkError(
    'CONFIGURATION_MISMATCH',
    'the enclave was not loaded for this configuration',
    { field: 'configId' },
  );
}
