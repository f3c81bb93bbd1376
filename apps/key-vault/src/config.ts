import { readEnv, readServiceSettings } from '@touchstone/runtime';
import type { EnvReader, ServiceSettings } from '@touchstone/runtime';
import { DEFAULT_VAULT_NAMES, VAULT_NAME } from '@touchstone/server-key-vault';
import { unknownRoles } from '@touchstone/service-key-vault';
import type { RoleAssignments } from '@touchstone/service-key-vault';

export const DEFAULT_PORT = 7020;
export const DEFAULT_IDENTITY_URL = 'https://localhost:7001';
/** The well-known development tenant. */
export const DEFAULT_TENANT = '7d3e5e3a-6a55-4a3a-9f3c-0d0c1b5b7a10';

export interface Config extends ServiceSettings {
  /** `KEY_VAULT_PORT`. */
  readonly port: number;
  /** `KEY_VAULT_IDENTITY_URL` and `KEY_VAULT_TENANT`: whose bearer tokens are taken. */
  readonly identity: { readonly authority: string; readonly tenant: string };
  /** `KEY_VAULT_NAMES`, separated by commas. */
  readonly vaultNames: readonly string[];
  /** `KEY_VAULT_ALIASES`: a JSON object from host name to vault name. */
  readonly vaultAliases: Readonly<Record<string, string>>;
  /** `KEY_VAULT_ROLE_ASSIGNMENTS`: a JSON object from object id to role names or ids. */
  readonly roleAssignments?: RoleAssignments;
  /** `KEY_VAULT_AUDIENCES`, separated by commas: taken beside Azure's own. */
  readonly extraAudiences: readonly string[];
  /** `TOUCHSTONE_ALLOW_DEVELOPMENT_CREDENTIALS`. */
  readonly allowDevelopmentCredentials: boolean;
  /** `TOUCHSTONE_OPERATOR_TOKEN`: opens the decision records over the wire. */
  readonly operatorToken?: string;
}

/** @throws ConfigError CONFIG_INVALID with every problem at once */
export function loadConfig(env: NodeJS.ProcessEnv): Config {
  return readEnv(env, (reader) => {
    const roleAssignments = reader.json('KEY_VAULT_ROLE_ASSIGNMENTS', readAssignments, undefined);
    const operatorToken = reader.optional('TOUCHSTONE_OPERATOR_TOKEN');
    return {
      ...readServiceSettings(reader),
      port: reader.port('KEY_VAULT_PORT', DEFAULT_PORT),
      identity: {
        authority: reader.url('KEY_VAULT_IDENTITY_URL', DEFAULT_IDENTITY_URL),
        tenant: reader.text('KEY_VAULT_TENANT', DEFAULT_TENANT),
      },
      ...readVaults(reader),
      extraAudiences: reader.list('KEY_VAULT_AUDIENCES'),
      allowDevelopmentCredentials: reader.flag('TOUCHSTONE_ALLOW_DEVELOPMENT_CREDENTIALS'),
      ...(roleAssignments !== undefined && { roleAssignments }),
      ...(operatorToken !== undefined && { operatorToken }),
    };
  });
}

function readVaults(reader: EnvReader): Pick<Config, 'vaultNames' | 'vaultAliases'> {
  const vaultNames = reader.list('KEY_VAULT_NAMES', DEFAULT_VAULT_NAMES);
  if (vaultNames.length === 0 || !vaultNames.every((name) => VAULT_NAME.test(name))) {
    reader.refuse(
      'KEY_VAULT_NAMES',
      'must be names of 3 to 24 lower-case letters, digits and hyphens',
    );
  }
  const vaultAliases = reader.json('KEY_VAULT_ALIASES', readTexts, {});
  if (!Object.values(vaultAliases).every((name) => vaultNames.includes(name))) {
    reader.refuse('KEY_VAULT_ALIASES', 'must lead to names of KEY_VAULT_NAMES');
  }
  return { vaultNames, vaultAliases };
}

function readTexts(value: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(readObject(value)).map(([name, text]) => {
    if (typeof text !== 'string') throw new TypeError('an object from text to text');
    return [name, text] as const;
  });
  return Object.fromEntries(entries);
}

function readAssignments(value: unknown): RoleAssignments {
  const entries = Object.entries(readObject(value)).map(([oid, roles]) => {
    if (!Array.isArray(roles)) throw new TypeError('an object from object id to a list of roles');
    const names = roles.map(String);
    const unknown = unknownRoles(names);
    if (unknown.length > 0) throw new TypeError(`no such role: ${unknown.join(', ')}`);
    return [oid, names] as const;
  });
  return Object.fromEntries(entries);
}

function readObject(value: unknown): object {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new TypeError('an object');
  return value;
}
