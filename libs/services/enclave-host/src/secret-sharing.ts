import { createHash } from 'node:crypto';
import { fromUtf8, sha256, toBase64Url, toHex } from '@touchstone/bytes';
import type { Logger } from '@touchstone/ports';
import type { EnclaveHost } from './host';
import { EnclaveHostError } from './enclave-host-error';
import { EnclaveJson } from './json-answers';

/** Name of the image, and of the enclaves that the service speaks for. */
export const SECRET_SHARING_IMAGE = 'secret-sharing';
const MAX_ANSWER_BYTES = 256 * 1024;

/** RSA public key as PEM text, or an AES key that is encrypted to one. */
export type SharedKeyKind = 'PEM' | 'AES';

/** What the guide's service does, with an enclave that has the ECALLs of `libs/enclaves/secret-sharing`. */
export interface SecretSharing {
  /** A key and evidence (an Open Enclave report) over its SHA-256; `challenge` (32 bytes, or none) goes in beside it. */
  attestation(
    kind: SharedKeyKind,
    challenge: Uint8Array,
    enclaveId?: string,
  ): Promise<{ readonly key: Uint8Array; readonly report: Uint8Array }>;
  /** Has the enclave judge a peer's evidence, and take the peer's key. */
  verify(
    kind: SharedKeyKind,
    attested: { readonly key: Uint8Array; readonly report: Uint8Array },
    enclaveId?: string,
  ): Promise<void>;
  /**
   * The attestation service's token for the enclave: with its public key (PEM text) as enclave-held data, or, for a challenge of up to
   * 64 bytes, with its public key (JWK) and that challenge as runtime data.
   */
  token(
    challenge: Uint8Array,
    enclaveId?: string,
  ): Promise<{ readonly token: string; readonly requestId: string }>;
  /** Has the enclave take a client's key, which no evidence comes with. */
  takeKey(key: Uint8Array, enclaveId?: string): Promise<void>;
  /** Has the enclave open a whole encrypted file, of which it tells size and SHA-256 (hex). */
  decrypt(
    data: Uint8Array,
    enclaveId?: string,
  ): Promise<{ readonly bytes: number; readonly sha256: string }>;
}

export interface SecretSharingOptions {
  readonly host: EnclaveHost;
  /** What an enclave of the host's own is configured with; without it there is none, and callers load theirs. */
  readonly configuration?: Uint8Array;
  readonly logger: Logger;
}

export function createSecretSharing(options: SecretSharingOptions): SecretSharing {
  const { host, logger } = options;
  const enclaveFor = enclaveChooser(options);
  const call = async (enclaveId: string | undefined, name: string, payload: Uint8Array) =>
    host.call(await enclaveFor(enclaveId), name, payload, 0);
  const attest = async (enclaveId: string | undefined, order: object) => {
    const made = new EnclaveJson(
      await call(enclaveId, 'attestation', json(order)),
      MAX_ANSWER_BYTES,
    );
    return { key: made.bytes('key'), report: made.bytes('report') };
  };
  return {
    attestation: (kind, challenge, enclaveId) =>
      attest(enclaveId, {
        kind,
        format: 'oe-report',
        ...(challenge.length > 0 && { challenge: toBase64Url(challenge) }),
      }),
    verify: async (kind, { key, report }, enclaveId) => {
      const attested = { kind, key: toBase64Url(key), report: toBase64Url(report) };
      await call(enclaveId, 'verify-attestation', json(attested));
      logger.info('peer attested', { kind, report: toHex(sha256(report)) });
    },
    token: async (challenge, enclaveId) => {
      if (challenge.length > 0) {
        const { quote, runtimeData } = await host.evidence(await enclaveFor(enclaveId), challenge);
        return host.attest(quote, { bytes: runtimeData, dataType: 'JSON' }, '');
      }
      const { key, report } = await attest(enclaveId, { kind: 'PEM', format: 'sgx-quote' });
      return host.attest(report, { bytes: key, dataType: 'Binary' }, '');
    },
    takeKey: async (key, enclaveId) => {
      await call(enclaveId, 'take-key', json({ key: toBase64Url(key) }));
    },
    decrypt: async (data, enclaveId) => {
      const answer = await call(enclaveId, 'decrypt-attached-data', data);
      const told = new EnclaveJson(answer, MAX_ANSWER_BYTES);
      const opened = { bytes: told.count('bytes'), sha256: told.text('sha256') };
      logger.info('attached data decrypted', opened);
      return opened;
    },
  };
}

/** The enclave that is named; or else the newest of its kind that runs; or else one of the host's own. */
function enclaveChooser({ host, configuration }: SecretSharingOptions) {
  let starting: Promise<string> | undefined;
  const start = async (bytes: Uint8Array): Promise<string> => {
    const configId = new Uint8Array(createHash('sha512').update(bytes).digest());
    const { id } = await host.load({ image: SECRET_SHARING_IMAGE }, { debug: false, configId });
    await host.call(id, 'configure', bytes, 0);
    return id;
  };
  return async (enclaveId: string | undefined): Promise<string> => {
    if (enclaveId !== undefined) return enclaveId;
    if (starting !== undefined) await starting;
    const running = host
      .list()
      .filter(({ name, endCode }) => name === SECRET_SHARING_IMAGE && endCode === undefined);
    const newest = running.at(-1);
    if (newest !== undefined) return newest.id;
    if (configuration === undefined) {
      throw new EnclaveHostError('HOST_ENCLAVE_UNKNOWN', 'no enclave shares secrets here', {
        field: 'enclave_id',
      });
    }
    starting ??= start(configuration).finally(() => (starting = undefined));
    return starting;
  };
}

const json = (value: object): Uint8Array => fromUtf8(JSON.stringify(value));
