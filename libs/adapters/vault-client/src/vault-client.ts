import { toUtf8 } from '@touchstone/bytes';
import type { KeyWrapAlgorithm } from '@touchstone/key-wrap';
import { keyVault } from '@touchstone/wire';
import { VaultClientError } from './vault-client-error';
import type { VaultRefusal } from './vault-client-error';

/** The part of an HTTP client that is needed here. */
export interface HttpPort {
  request(request: {
    readonly method: 'GET' | 'POST' | 'PUT';
    readonly url: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly maxBodyBytes?: number;
  }): Promise<{
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: Uint8Array;
  }>;
}

export interface VaultClientOptions {
  /** Such as `https://myvault.vault.azure.net`, without a trailing slash. */
  readonly vaultUrl: string;
  readonly http: HttpPort;
  /** A bearer token for the vault; asked for before each request, so keep it yourself. */
  readonly token: () => Promise<string>;
}

export interface ReleaseOptions {
  readonly version?: string;
  readonly enc?: KeyWrapAlgorithm;
  readonly nonce?: string;
}

export interface Released {
  /** The signed answer, as it came: its signature is not checked here. */
  readonly jws: string;
  /** `key_hsm` inside it: what the attested environment unwraps. */
  readonly keyHsm: string;
  /** Versioned id of the key. */
  readonly kid: string;
  readonly requestId?: string;
}

/** Failures: VaultClientError, and those of the HTTP client and of `token`. */
export interface VaultClient {
  getKey(name: string, version?: string): Promise<keyVault.KeyBundle>;
  /** `body` as the API documents it: `key`, `attributes`, `release_policy`. */
  importKey(name: string, body: Readonly<Record<string, unknown>>): Promise<keyVault.KeyBundle>;
  /** Asks for a key with the attestation token of the environment that it shall be wrapped to. */
  releaseKey(name: string, attestationToken: string, options?: ReleaseOptions): Promise<Released>;
}

/** The version that every vault with release knows. */
export const CLIENT_API_VERSION: keyVault.ApiVersion = '7.4';
export const MAX_VAULT_ANSWER_BYTES = 256 * 1024;

interface Call {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly body?: Readonly<Record<string, unknown>>;
}

export function createVaultClient(options: VaultClientOptions): VaultClient {
  return {
    getKey: async (name, version) => {
      const { answer } = await call(options, {
        method: 'GET',
        path: keyVault.keyPath(name, version),
      });
      return read(keyVault.keyBundleSchema, answer);
    },
    importKey: async (name, body) => {
      const { answer } = await call(options, { method: 'PUT', path: keyVault.keyPath(name), body });
      return read(keyVault.keyBundleSchema, answer);
    },
    releaseKey: async (name, target, { version, enc, nonce } = {}) => {
      const body = {
        target,
        ...(enc !== undefined && { enc }),
        ...(nonce !== undefined && { nonce }),
      };
      const path = keyVault.releasePath(name, version);
      const { answer, requestId } = await call(options, { method: 'POST', path, body });
      const { value: jws } = read(keyVault.releaseAnswerSchema, answer);
      const { kid, key_hsm: keyHsm } = releasedKey(jws);
      return { jws, keyHsm, kid, ...(requestId !== undefined && { requestId }) };
    },
  };
}

async function call(
  { vaultUrl, http, token }: VaultClientOptions,
  { method, path, body }: Call,
): Promise<{ answer: unknown; requestId?: string }> {
  const {
    status,
    headers,
    body: bytes,
  } = await http.request({
    method,
    url: `${vaultUrl}${path}?api-version=${CLIENT_API_VERSION}`,
    headers: {
      accept: 'application/json',
      authorization: `Bearer ${await token()}`,
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
    maxBodyBytes: MAX_VAULT_ANSWER_BYTES,
  });
  const requestId = headers['x-ms-request-id'];
  if (status !== 200) throw refused(status, bytes, requestId);
  return { answer: parse(bytes), ...(requestId !== undefined && { requestId }) };
}

function refused(
  status: number,
  bytes: Uint8Array,
  requestId: string | undefined,
): VaultClientError {
  const { error } = read(keyVault.errorAnswerSchema, parse(bytes));
  const refusal: VaultRefusal = {
    status,
    code: error.code,
    ...(error.innererror !== undefined && { innerCode: error.innererror.code }),
    message: error.message,
    ...(requestId !== undefined && { requestId }),
  };
  return new VaultClientError('VAULT_REFUSED', `the vault refused: ${status} ${error.code}`, {
    field: error.code,
    refusal,
  });
}

function releasedKey(jws: string): { kid: string; key_hsm: string } {
  const payload = Buffer.from(jws.split('.')[1] ?? '', 'base64url');
  return read(keyVault.releasedKeySchema, parse(payload)).response.key.key;
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(toUtf8(bytes));
  } catch (cause) {
    throw new VaultClientError('VAULT_ANSWER_INVALID', 'the answer is not JSON', { cause });
  }
}

function read<Value>(schema: { parse(value: unknown): Value }, value: unknown): Value {
  try {
    return schema.parse(value);
  } catch (cause) {
    throw new VaultClientError('VAULT_ANSWER_INVALID', 'the answer is not of the key API', {
      cause,
    });
  }
}
