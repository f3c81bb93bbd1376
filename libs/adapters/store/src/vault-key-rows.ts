import type { DeletedVaultKey, VaultKeyVersion } from '@touchstone/ports';
import type { Sealer } from './seal';

/** A version as it is selected, with what its key says about deletion. */
export interface VaultKeyRow {
  readonly vault: string;
  readonly name: string;
  readonly version: string;
  readonly material: Uint8Array;
  readonly details: string;
  readonly deleted_at: string | null;
  readonly purge_at: string | null;
}

type Address = Pick<VaultKeyVersion, 'vault' | 'name' | 'version'>;

/** All of a version that is neither its address nor its material; instants as text. */
type Details = Omit<VaultKeyVersion, keyof Address | 'material' | InstantMember> & {
  readonly [Member in InstantMember]?: string;
} & { readonly created: string; readonly updated: string };
type InstantMember = 'notBefore' | 'expires' | 'created' | 'updated';

const place = ({ vault, name, version }: Address): string =>
  `vault_key_version|${vault}|${name}|${version}|material`;

export const sealMaterial = (key: VaultKeyVersion, sealer: Sealer): Uint8Array =>
  sealer.seal(place(key), key.material);

export function encodeDetails(key: VaultKeyVersion): string {
  const { vault: _vault, name: _name, version: _version, material: _material, ...rest } = key;
  // In one order of members, so that equal details are equal text. Dates write themselves as ISO 8601.
  const members = Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(Object.fromEntries(members));
}

export function versionOf(row: VaultKeyRow, sealer: Sealer): VaultKeyVersion {
  const { notBefore, expires, created, updated, ...rest } = JSON.parse(row.details) as Details;
  return {
    vault: row.vault,
    name: row.name,
    version: row.version,
    material: sealer.open(place(row), row.material),
    ...rest,
    ...(notBefore !== undefined && { notBefore: new Date(notBefore) }),
    ...(expires !== undefined && { expires: new Date(expires) }),
    created: new Date(created),
    updated: new Date(updated),
  };
}

export function deletedOf(row: VaultKeyRow, sealer: Sealer): DeletedVaultKey | undefined {
  if (row.deleted_at === null || row.purge_at === null) return undefined;
  return {
    key: versionOf(row, sealer),
    deletedAt: new Date(row.deleted_at),
    purgeAt: new Date(row.purge_at),
  };
}
