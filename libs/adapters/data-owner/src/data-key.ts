import { ClientSecretCredential } from '@azure/identity';
import { KeyClient } from '@azure/keyvault-keys';
import { fromUtf8 } from '@touchstone/bytes';

/** A data owner before the vault, and the vault. */
export interface OwnerAccount {
  readonly vaultUrl: string;
  /** Base URL of the identity service. */
  readonly authorityHost: string;
  readonly tenant: string;
  readonly client: { readonly id: string; readonly secret: string };
  /** PEM of the authority behind both services' certificates. */
  readonly ca: string;
}

export interface DataKey {
  readonly name: string;
  /** 32 bytes. */
  readonly key: Uint8Array;
  /** Who may have it: a release policy. */
  readonly releasePolicy: object;
}

/** Puts a data key into a vault with the official client, unmodified. Answers with the key's identifier. */
export async function storeDataKey(
  { vaultUrl, authorityHost, tenant, client, ca }: OwnerAccount,
  { name, key, releasePolicy }: DataKey,
): Promise<string> {
  const tlsOptions = { ca };
  const credential = new ClientSecretCredential(tenant, client.id, client.secret, {
    authorityHost,
    disableInstanceDiscovery: true,
    tlsOptions,
  });
  // The client compares the challenge's resource with the host name, and this vault stands at localhost.
  const vault = new KeyClient(vaultUrl, credential, {
    disableChallengeResourceVerification: true,
    tlsOptions,
  });
  const stored = await vault.importKey(
    name,
    { kty: 'oct-HSM', k: key, keyOps: ['encrypt', 'decrypt'] },
    {
      hardwareProtected: true,
      exportable: true,
      releasePolicy: { encodedPolicy: fromUtf8(JSON.stringify(releasePolicy)) },
    },
  );
  return stored.id ?? '';
}
