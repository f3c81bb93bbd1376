import { ClientSecretCredential } from '@azure/identity';
import { KeyClient } from '@azure/keyvault-keys';
import { fromUtf8, sha256, toHex } from '@touchstone/bytes';
import { encryptDataset, type Dataset } from '@touchstone/enclave-trainer';
import { DATA_KEY_BYTES } from '@touchstone/encrypted-data';
import { systemRandom } from '@touchstone/runtime';
import { serviceUrl, type Endpoints } from '@touchstone/server-ecosystem';
import type { ReleasedEnclave } from './enclave-author';

/** The party that owns the data: it trusts the hardware vendor, one attestation provider and one reviewed enclave. */
export interface DataOwner {
  readonly dataKey: Uint8Array;
  readonly encrypted: Uint8Array;
  readonly encryptedSha256: string;
}

export function encryptAsOwner(dataset: Dataset): DataOwner {
  const dataKey = systemRandom.bytes(DATA_KEY_BYTES);
  const encrypted = encryptDataset(dataset, dataKey, systemRandom);
  return { dataKey, encrypted, encryptedSha256: toHex(sha256(encrypted)) };
}

/** Grammar 1.0.0: the token must come from this authority and name this enclave, production mode, at least this SVN. */
export function releasePolicyFor(enclave: ReleasedEnclave, authority: string): object {
  return {
    version: '1.0.0',
    anyOf: [
      {
        authority,
        allOf: [
          { claim: 'x-ms-attestation-type', equals: 'sgx' },
          { claim: 'x-ms-sgx-is-debuggable', equals: 'false' },
          { claim: 'x-ms-sgx-mrenclave', equals: toHex(enclave.mrEnclave) },
          { claim: 'x-ms-sgx-mrsigner', equals: toHex(enclave.mrSigner) },
          { claim: 'x-ms-sgx-svn', greaterOrEquals: enclave.svn },
        ],
      },
    ],
  };
}

/** Puts the data key into the vault with the official client, unmodified. Answers with the key's identifier. */
export async function storeDataKey(
  endpoints: Endpoints,
  ca: string,
  owner: DataOwner,
  policy: object,
): Promise<string> {
  const tlsOptions = { ca };
  const credential = new ClientSecretCredential(
    endpoints.tenant,
    endpoints.client.id,
    endpoints.client.secret,
    {
      authorityHost: serviceUrl(endpoints, 'identity'),
      disableInstanceDiscovery: true,
      tlsOptions,
    },
  );
  // The client compares the challenge's resource with the host name, and this vault stands at localhost.
  const client = new KeyClient(serviceUrl(endpoints, 'key-vault'), credential, {
    disableChallengeResourceVerification: true,
    tlsOptions,
  });
  const key = await client.importKey(
    'digits',
    { kty: 'oct-HSM', k: owner.dataKey, keyOps: ['encrypt', 'decrypt'] },
    {
      hardwareProtected: true,
      exportable: true,
      releasePolicy: { encodedPolicy: fromUtf8(JSON.stringify(policy)) },
    },
  );
  return key.id ?? '';
}
