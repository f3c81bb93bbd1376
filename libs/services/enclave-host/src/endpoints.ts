import { EnclaveHostError } from './enclave-host-error';

/** Whom this host may talk to on behalf of enclaves and callers. */
export interface Endpoints {
  /** Base URLs of attestation providers; the first is the default. */
  readonly attestation: readonly string[];
  /** Base URLs of vaults. */
  readonly vaults: readonly string[];
  /** Base URLs of storage accounts: `https://<account>.blob.core.windows.net`, or with the account in the path. */
  readonly storage: readonly string[];
}

/** The provider by that URL, or the default. @throws EnclaveHostError HOST_ENDPOINT_REFUSED */
export function attestationProvider({ attestation }: Endpoints, url: string): string {
  const wanted =
    url === '' ? attestation[0] : attestation.find((one) => trimmed(one) === trimmed(url));
  if (wanted !== undefined) return trimmed(wanted);
  throw refused('attestation_url');
}

/** `https://<vault>/keys/<name>[/<version>]` of a vault that is known. @throws EnclaveHostError HOST_ENDPOINT_REFUSED */
export function vaultKeyId({ vaults }: Endpoints, keyId: string): string {
  const known = vaults.some((vault) => {
    const rest = keyId.startsWith(`${trimmed(vault)}/keys/`)
      ? keyId.slice(trimmed(vault).length + '/keys/'.length)
      : '';
    return KEY_PATH.test(rest);
  });
  if (known) return keyId;
  throw refused('key_id');
}

/**
 * `<account>/<container>/<blob>`, with or without a shared access signature, of a storage account that is known.
 * @throws EnclaveHostError HOST_ENDPOINT_REFUSED
 */
export function storedBlobUrl({ storage }: Endpoints, blobUrl: string): string {
  const known = storage.some((account) => {
    const rest = blobUrl.startsWith(`${trimmed(account)}/`)
      ? blobUrl.slice(trimmed(account).length + 1)
      : '';
    return BLOB_PATH.test(withoutQuery(rest)) && !rest.includes('#');
  });
  if (known) return blobUrl;
  throw refused('blob_url');
}

/** What may be logged of a blob's address: a shared access signature is a secret. */
export const withoutQuery = (url: string): string => url.replace(/\?.*$/s, '');

// A container, and a blob below it. Names of one or two dots alone would leave the account.
const BLOB_PATH = /^[a-z0-9](?:-?[a-z0-9]){2,62}(?:\/(?!\.{1,2}(?:\/|$))[0-9a-zA-Z._-]{1,255})+$/;

// A vault's own rule for key names, and a version of 32 hex digits.
const KEY_PATH = /^[0-9a-zA-Z-]{1,127}(?:\/[0-9a-f]{32})?$/;

const trimmed = (url: string): string => url.replace(/\/+$/, '');

const refused = (field: string): EnclaveHostError =>
  new EnclaveHostError('HOST_ENDPOINT_REFUSED', 'this host may not talk to that address', {
    field,
  });
