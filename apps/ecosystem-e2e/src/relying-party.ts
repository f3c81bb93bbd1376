import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { decodeDecisionRecord, type DecisionRecord } from '@touchstone/decision';
import { createEnclaveHostClient, type EnclaveHostClient } from '@touchstone/enclave-rpc';
import { createEntraClient } from '@touchstone/entra-client';
import { fromUtf8, toBase64Url, toHex, toUtf8 } from '@touchstone/bytes';
import { createHttpClient, type HttpClient } from '@touchstone/http-client';
import { decodeKeyHsm, unwrapKey } from '@touchstone/key-wrap';
import { createMaaClient, MaaClientError, type MaaClient } from '@touchstone/maa-client';
import { currentTrace, formatTraceparent, systemClock } from '@touchstone/runtime';
import type { Endpoints } from '@touchstone/server-ecosystem';
import { createVaultClient, type VaultClient } from '@touchstone/vault-client';
import type { EcosystemProcess } from './ecosystem-process';

/** The shared provider under its name in Azure: an authority that outlives the ports of one run. */
export const AUTHORITY = 'https://sharedeus2.eus2.attest.azure.net';
const PROVIDER = 'sharedeus2';

/** The key pair of an environment that keys are released to. */
const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const RUNTIME_DATA = fromUtf8(
  JSON.stringify({
    keys: [{ ...pair.publicKey.export({ format: 'jwk' }), kid: 'environment', use: 'enc' }],
  }),
);
const WRAPPING = 'RSA_AES_KEY_WRAP_256';

/** What an attempt at attestation came to. */
export interface Attempt {
  readonly granted: boolean;
  readonly token: string;
  readonly requestId: string;
  readonly record: DecisionRecord;
}

/** Whoever uses a running ecosystem over the wire: has an enclave quoted, attests, keeps keys. */
export class RelyingParty {
  #notary: string | undefined;

  private constructor(
    readonly endpoints: Endpoints,
    readonly ca: string,
    readonly http: HttpClient,
    readonly host: EnclaveHostClient,
    readonly maa: MaaClient,
    readonly vault: VaultClient,
  ) {}

  static async of(ecosystem: EcosystemProcess): Promise<RelyingParty> {
    const endpoints = await ecosystem.endpoints();
    const { services, tenant, client } = endpoints;
    const ca = await readFile(endpoints.ca, 'utf8');
    const attestation = services['attestation-service'] ?? '';
    const http = createHttpClient({ ca, originMap: { [AUTHORITY]: attestation } });
    const entra = createEntraClient({
      authority: services['identity'] ?? '',
      tenant,
      clientId: client.id,
      secret: client.secret,
      http,
      clock: systemClock(),
    });
    const token = () => entra.token('https://vault.azure.net/.default');
    return new RelyingParty(
      endpoints,
      ca,
      http,
      createEnclaveHostClient({
        url: services['enclave-host'] ?? '',
        ca,
        traceparent: () => {
          const trace = currentTrace();
          return trace && formatTraceparent(trace);
        },
      }),
      createMaaClient({ endpoint: AUTHORITY, http }),
      createVaultClient({ vaultUrl: services['key-vault'] ?? '', http, token }),
    );
  }

  /** Base URL of a service, by the name of its app. */
  url(service: string): string {
    return this.endpoints.services[service] ?? '';
  }

  get providerUrl(): string {
    return `${this.url('attestation-service')}/${PROVIDER}`;
  }

  /** A quote of the notary over the key of our environment. */
  async quote(): Promise<Uint8Array> {
    this.#notary ??= (await this.host.loadEnclave({ image: 'notary', debug: false })).id;
    const call = { name: 'quote', payload: RUNTIME_DATA, deadlineMilliseconds: 0 };
    return (await this.host.callEnclave({ ...call, enclaveId: this.#notary })).payload;
  }

  /** Attests a quote, a new one unless one is given, and reads the decision record. */
  async attest(quote?: Uint8Array): Promise<Attempt> {
    const runtimeData = { bytes: RUNTIME_DATA, dataType: 'JSON' } as const;
    const evidence = { quote: quote ?? (await this.quote()), runtimeData };
    const { token, requestId, granted } = await this.maa.attestSgx(evidence).then(
      (answer) => ({ ...answer, granted: true }),
      (error: unknown) => ({ token: '', requestId: refusedRequest(error), granted: false }),
    );
    return { granted, token, requestId, record: await this.decision(requestId) };
  }

  async decision(requestId: string): Promise<DecisionRecord> {
    const { body } = await this.http.request({
      method: 'GET',
      url: `${this.url('attestation-service')}/operator/decisions/${requestId}`,
      headers: { authorization: `Bearer ${this.endpoints.operatorToken}` },
    });
    return decodeDecisionRecord(toUtf8(body));
  }

  /** Puts a new key into the vault, released to the notary of this machine only. Answers with the key. */
  async keepKey(name: string, authority = AUTHORITY): Promise<Uint8Array> {
    const key = new Uint8Array(randomBytes(32));
    await this.vault.importKey(name, {
      key: { kty: 'oct-HSM', k: toBase64Url(key), key_ops: ['encrypt', 'decrypt'] },
      hsm: true,
      attributes: { exportable: true },
      release_policy: {
        data: toBase64Url(fromUtf8(JSON.stringify(await this.#policy(authority)))),
      },
    });
    return key;
  }

  async #policy(authority: string): Promise<object> {
    const { images } = await this.host.getPlatformInfo({});
    const notary = images.find(({ name }) => name === 'notary');
    const equals = notary === undefined ? '' : toHex(notary.mrEnclave);
    const allOf = [{ claim: 'x-ms-sgx-mrenclave', equals }];
    return { version: '1.0.0', anyOf: [{ authority, allOf }] };
  }

  /** Has a key released to our environment, and opens it. */
  async release(name: string, token: string): Promise<Uint8Array> {
    const { keyHsm } = await this.vault.releaseKey(name, token, { enc: WRAPPING });
    const { ciphertext } = decodeKeyHsm(keyHsm);
    return unwrapKey({ algorithm: WRAPPING, privateKey: pair.privateKey, wrapped: ciphertext });
  }

  async close(): Promise<void> {
    this.host.close();
    await this.http.close();
  }
}

function refusedRequest(error: unknown): string {
  if (error instanceof MaaClientError && error.refusal !== undefined)
    return error.refusal.requestId;
  throw error;
}
