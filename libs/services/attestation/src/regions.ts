/** Locations of Azure with attestation, and the short names in which hosts carry them. */
export const REGIONS: Readonly<Record<string, string>> = {
  eastus2: 'eus2',
  centralus: 'cus',
  uksouth: 'uks',
  eastus: 'eus',
  westus: 'wus',
  ukwest: 'ukw',
  canadacentral: 'cac',
  canadaeast: 'cae',
  northeurope: 'neu',
  westeurope: 'weu',
  southeastasia: 'sasia',
};

/** Where tokens are signed inside enclaves. */
export const TEE_REGIONS: ReadonlySet<string> = new Set(['uksouth']);

const DOMAIN = 'attest.azure.net';

/** Canonical host of a provider. */
export const providerHost = (name: string, region: string): string =>
  `${name}.${REGIONS[region] ?? region}.${DOMAIN}`;

/** What a certificate carries to be right for every provider of every region. */
export const WILDCARD_HOSTS: readonly string[] = Object.values(REGIONS).map(
  (code) => `*.${code}.${DOMAIN}`,
);

/** The name in a canonical host. */
export function nameInHost(host: string): string | undefined {
  const [name, ...rest] = host.split('.');
  return rest.slice(1).join('.') === DOMAIN ? name : undefined;
}
