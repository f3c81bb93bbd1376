import { VaultServerError } from './server-error';

/** The vaults of one server and the host names by which they are called. */
export interface VaultDirectory {
  /** Host names that a certificate should carry. */
  readonly dnsNames: readonly string[];
  /** The vault of a `Host` header, and that header when it is one of its names. VAULT_UNKNOWN. */
  resolve(hostHeader: string | undefined): { readonly vault: string; readonly host: string };
}

export interface VaultDirectoryOptions {
  /** Each is also called `<name>.vault.azure.net`; the first is the one at the plain local addresses. */
  readonly names: readonly string[];
  /** Further host names, without a port, to vault names. */
  readonly aliases?: Readonly<Record<string, string>>;
}

export const VAULT_NAME = /^[a-z][a-z0-9-]{1,22}[a-z0-9]$/;
const DNS_SUFFIX = '.vault.azure.net';
/** Where the first vault answers on one machine and in compose. */
export const PLAIN_HOSTS = ['localhost', '127.0.0.1', '[::1]', 'key-vault'];
const HOST_HEADER = /^([a-z0-9.-]{1,253}|\[[0-9a-f:]{2,39}\])(?::\d{1,5})?$/i;

export function createVaultDirectory({
  names,
  aliases = {},
}: VaultDirectoryOptions): VaultDirectory {
  const [first = 'local'] = names;
  const hosts = new Map<string, string>([
    ...PLAIN_HOSTS.map((host) => [host, first] as const),
    ...names.map((name) => [`${name}${DNS_SUFFIX}`, name] as const),
    ...Object.entries(aliases).map(([host, name]) => [host.toLowerCase(), name] as const),
  ]);
  return {
    dnsNames: [...hosts.keys()].filter((host) => /[a-z]/.test(host) && !host.startsWith('[')),
    resolve: (hostHeader = '') => {
      const hostname = HOST_HEADER.exec(hostHeader)?.[1]?.toLowerCase();
      const vault = hostname === undefined ? undefined : hosts.get(hostname);
      // Only a name on the list ever becomes part of a key's address.
      if (vault !== undefined) return { vault, host: hostHeader.toLowerCase() };
      throw new VaultServerError('VAULT_UNKNOWN', 'no vault has this host name', { field: 'Host' });
    },
  };
}
