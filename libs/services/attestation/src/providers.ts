import { AttestationError } from './attestation-error';

/** An attestation provider: a name in a region, with policies of its own. */
export interface Provider {
  /** Lower case, as it stands in host names and paths. */
  readonly name: string;
  /** Signing keys belong to regions. */
  readonly region: string;
  /** Host of the canonical address. */
  readonly host: string;
}

/** The shared default providers: one for each region, open to anybody. */
export const DEFAULT_PROVIDERS: readonly Provider[] = [
  sharedProvider('eastus2', 'eus2'),
  sharedProvider('centralus', 'cus'),
  sharedProvider('uksouth', 'uks'),
];

function sharedProvider(region: string, code: string): Provider {
  const name = `shared${code}`;
  return { name, region, host: `${name}.${code}.attest.azure.net` };
}

/** Where a request was sent to. */
export interface Address {
  /** The `Host` header: name and, unless it is the scheme's, port. */
  readonly authority: string | undefined;
  /** Path of the URL, with its leading slash. */
  readonly path: string;
}

/** The provider that an address means. */
export interface Location {
  readonly provider: Provider;
  /** The name that the caller used, from a list that no caller can add to: `iss` of tokens. */
  readonly issuer: string;
  /** The path within the provider. */
  readonly path: string;
}

export interface ProviderDirectory {
  readonly providers: readonly Provider[];
  /**
   * A canonical host is the provider itself; at a plain origin the first segment of the path names it.
   *
   * @throws AttestationError ATTESTATION_UNKNOWN_HOST or ATTESTATION_UNKNOWN_PROVIDER
   */
  locate(address: Address): Location;
}

export interface ProviderDirectoryOptions {
  readonly providers: readonly Provider[];
  /** Origins under which the service itself can be reached, such as `https://localhost:7010`. */
  readonly plainOrigins: () => readonly string[];
}

const FIRST_SEGMENT = /^\/([^/]*)(.*)$/s;

export function createProviderDirectory(options: ProviderDirectoryOptions): ProviderDirectory {
  const byHost = new Map(options.providers.map((provider) => [provider.host, provider]));
  const byName = new Map(options.providers.map((provider) => [provider.name, provider]));
  return {
    providers: options.providers,
    locate({ authority, path }) {
      const host = authority?.toLowerCase().replace(/:443$/, '');
      const canonical = host === undefined ? undefined : byHost.get(host);
      if (canonical) return { provider: canonical, issuer: `https://${canonical.host}`, path };
      const origin = options.plainOrigins().find((candidate) => new URL(candidate).host === host);
      if (origin === undefined) throw unknownHost();
      const [, name = '', rest = ''] = FIRST_SEGMENT.exec(path) ?? [];
      const provider = byName.get(name);
      if (!provider) throw unknownProvider();
      return { provider, issuer: `${origin}/${name}`, path: rest === '' ? '/' : rest };
    },
  };
}

// The names asked for are not repeated: they are the caller's, and could be anything.
const unknownHost = (): AttestationError =>
  new AttestationError('ATTESTATION_UNKNOWN_HOST', 'The host is not an attestation provider.', {
    field: 'Host',
  });

const unknownProvider = (): AttestationError =>
  new AttestationError('ATTESTATION_UNKNOWN_PROVIDER', 'The attestation provider does not exist.', {
    field: 'provider',
  });
