import { fromUtf8, sha256, toHex } from '@touchstone/bytes';
import type { Logger } from '@touchstone/ports';
import { EnclaveHostError } from './enclave-host-error';
import { attestationProvider, storedBlobUrl, vaultKeyId, withoutQuery } from './endpoints';
import type { Endpoints } from './endpoints';
import { EnclaveJson } from './json-answers';
import type { Attester, KeyReleaser, Ocalls, Storage } from './ports';

const MAX_ERRAND_JSON_BYTES = 1024 * 1024;

export interface ErrandOptions {
  readonly endpoints: Endpoints;
  readonly attester: Attester;
  readonly releaser: KeyReleaser;
  readonly storage: Storage;
  readonly logger: Logger;
  /** Whom to ask where the enclave does not say. */
  readonly attestationUrl?: string;
  readonly keyId?: string;
  /** What the host does beside, for this ECALL. */
  readonly beside?: Ocalls;
}

/** Errands during one ECALL, and what came of them. */
export interface Errands {
  readonly ocalls: Ocalls;
  /** Request id of the last answer that had one; else empty. */
  requestId(): string;
  /**
   * What the caller of the ECALL shall hear when it fails: an enclave only learns the code of an errand that failed, the
   * caller the refusal itself.
   */
  reasonOf(error: unknown): unknown;
}

/**
 * What a host carries for its enclaves: `attest` `{quote, runtimeData, attestationUrl?}` to a token, `release` `{token, nonce, enc,
 * keyId?}` to a vault's signed answer, `download` `{blobUrl}` to the bytes of a blob. JSON, bytes as base64url. Only addresses that the
 * host is configured for are talked to; what is carried, the host cannot change to any use.
 */
export function createErrands(options: ErrandOptions): Errands {
  const { endpoints, attester, releaser, storage, logger } = options;
  let requestId = '';
  let failure: unknown;

  const attest = async (payload: Uint8Array): Promise<Uint8Array> => {
    const asked = new EnclaveJson(payload, MAX_ERRAND_JSON_BYTES);
    const named = asked.optionalText('attestationUrl') ?? options.attestationUrl ?? '';
    const provider = attestationProvider(endpoints, named);
    const quote = asked.bytes('quote');
    const runtimeData = { bytes: asked.bytes('runtimeData'), dataType: 'JSON' } as const;
    const answer = await attester.attest(provider, { quote, runtimeData });
    requestId = answer.requestId;
    logger.info('quote attested', { quote: toHex(sha256(quote)), provider, requestId });
    return fromUtf8(answer.token);
  };

  const release = async (payload: Uint8Array): Promise<Uint8Array> => {
    const asked = new EnclaveJson(payload, MAX_ERRAND_JSON_BYTES);
    const keyId = vaultKeyId(endpoints, asked.optionalText('keyId') ?? options.keyId ?? '');
    const answer = await releaser.release(keyId, {
      target: asked.text('token'),
      nonce: asked.text('nonce'),
      enc: asked.text('enc'),
    });
    requestId = answer.requestId;
    logger.info('key released', { keyId, requestId });
    return fromUtf8(answer.value);
  };

  const download = async (payload: Uint8Array, signal: AbortSignal): Promise<Uint8Array> => {
    const asked = new EnclaveJson(payload, MAX_ERRAND_JSON_BYTES);
    const url = storedBlobUrl(endpoints, asked.text('blobUrl'));
    const bytes = await storage.download(url, signal);
    logger.info('blob fetched', { blob: withoutQuery(url), bytes: bytes.length });
    return bytes;
  };

  const watched = ([name, ocall]: [string, Ocalls[string]]): [string, Ocalls[string]] => [
    name,
    async (payload, signal) => {
      try {
        return await ocall(payload, signal);
      } catch (error) {
        failure ??= error;
        throw error;
      }
    },
  ];

  return {
    ocalls: Object.fromEntries(
      Object.entries<Ocalls[string]>({ ...options.beside, attest, release, download }).map(watched),
    ),
    requestId: () => requestId,
    reasonOf: (error) => failure ?? error,
  };
}

/** A host that was given no storage has no blobs. */
export const noStorage: Storage = {
  download: async () => {
    throw new EnclaveHostError('HOST_ENDPOINT_REFUSED', 'this host knows no storage account', {
      field: 'blobUrl',
    });
  },
};
