import type { AttestationProviderRecord } from '@touchstone/ports';
import { AttestationError } from './attestation-error';
import { nameInHost, providerHost } from './regions';

/** An attestation provider: a name in a region, with policies of its own. */
export interface Provider {
  /** Lower case, as it stands in host names and paths. */
  readonly name: string;
  /** Signing keys belong to regions. */
  readonly region: string;
  /** Host of the canonical address. */
  readonly host: string;
  /** What its owner set, as it was when the request came; shared providers have no owner. */
  readonly record?: AttestationProviderRecord;
}

/** The shared default providers: one for each region, open to anybody. */
export const DEFAULT_PROVIDERS: readonly Provider[] = [
  sharedProvider('eastus2', 'eus2'),
  sharedProvider('centralus', 'cus'),
  sharedProvider('uksouth', 'uks'),
];

function sharedProvider(region: string, code: string): Provider {
  const name = `shared${code}`;
  return { name, region, host: providerHost(name, region) };
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
  locate(address: Address): Promise<Location>;
}

export interface ProviderDirectoryOptions {
  /** The shared ones. */
  readonly providers: readonly Provider[];
  /** Those that somebody made, by name. */
  readonly find: (name: string) => Promise<AttestationProviderRecord | undefined>;
  /** Origins under which the service itself can be reached, such as `https://localhost:7010`. */
  readonly plainOrigins: () => readonly string[];
}

/** Nothing else is asked of the store. */
const PROVIDER_LABEL = /^[a-z0-9-]{3,24}$/;
const FIRST_SEGMENT = /^\/([^/]*)(.*)$/s;

export function createProviderDirectory(options: ProviderDirectoryOptions): ProviderDirectory {
  const shared = new Map(options.providers.map((provider) => [provider.name, provider]));

  /** One that is not ready has no address yet. */
  async function named(name: string): Promise<Provider | undefined> {
    const known = shared.get(name);
    if (known || !PROVIDER_LABEL.test(name)) return known;
    const record = await options.find(name);
    return record?.state === 'Ready' ? owned(record) : undefined;
  }

  return {
    providers: options.providers,
    async locate({ authority, path }) {
      const host = authority?.toLowerCase().replace(/:443$/, '');
      const name = host === undefined ? undefined : nameInHost(host);
      const canonical = name === undefined ? undefined : await named(name);
      if (canonical?.host === host && canonical)
        return { provider: canonical, issuer: `https://${canonical.host}`, path };
      const origin = options.plainOrigins().find((candidate) => new URL(candidate).host === host);
      if (origin === undefined) throw unknownHost();
      const [, segment = '', rest = ''] = FIRST_SEGMENT.exec(path) ?? [];
      const provider = await named(segment);
      if (!provider) throw unknownProvider();
      return { provider, issuer: `${origin}/${segment}`, path: rest === '' ? '/' : rest };
    },
  };
}

function owned(record: AttestationProviderRecord): Provider {
  const { name, region } = record;
  return { name, region, host: providerHost(name, region), record };
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
