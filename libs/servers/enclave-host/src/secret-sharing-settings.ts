import { readFileSync } from 'node:fs';
import { SECRET_SHARING_VARIANTS, type SecretSharingVariant } from '@touchstone/enclave-rpc';
import type { EnvReader } from '@touchstone/runtime';

/** The guide's service on a host. */
export interface SecretSharingSettings {
  /** `ENCLAVE_HOST_SECRET_SHARING`: `remote` or `azure`. */
  readonly variant: SecretSharingVariant;
  /** `ENCLAVE_HOST_SECRET_SHARING_CONFIGURATION`, a file: whom the host's own enclave believes; without it callers load theirs. */
  readonly configuration?: Uint8Array;
  /** `ENCLAVE_HOST_SECRET_SHARING_PLAINTEXT`: let callers without TLS in, to this service alone. */
  readonly plaintext: boolean;
}

const NAME = 'ENCLAVE_HOST_SECRET_SHARING';

/** The settings of an environment; undefined when the service is not asked for. */
export function readSecretSharing(reader: EnvReader): SecretSharingSettings | undefined {
  const variant = reader.oneOf(NAME, ['', ...SECRET_SHARING_VARIANTS], '');
  const file = reader.optional(`${NAME}_CONFIGURATION`);
  const plaintext = reader.flag(`${NAME}_PLAINTEXT`);
  if (variant === '') return undefined;
  if (file === undefined) return { variant, plaintext };
  try {
    return { variant, plaintext, configuration: new Uint8Array(readFileSync(file)) };
  } catch {
    reader.refuse(`${NAME}_CONFIGURATION`, 'must name a file that can be read');
    return undefined;
  }
}
