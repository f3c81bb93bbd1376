import path from 'node:path';
import {
  readEnv,
  readServiceSettings,
  type EnvReader,
  type ServiceSettings,
} from '@touchstone/runtime';
import type { Application, Tenant } from '@touchstone/service-identity';

export interface Config extends ServiceSettings {
  readonly port: number;
  readonly tlsFolder: string;
  /** `IDENTITY_TENANTS`: JSON array of `{id, domains?, applications: [{clientId, secrets, objectId, roles?}]}`. */
  readonly tenants: readonly Tenant[];
  readonly resources: readonly string[];
  readonly names: readonly string[];
  readonly origins: readonly string[];
  readonly allowDevelopmentCredentials: boolean;
}

export const DEFAULT_PORT = 7001;

export const loadConfig = (env: NodeJS.ProcessEnv): Config => readEnv(env, read);

function read(env: EnvReader): Config {
  const settings = readServiceSettings(env);
  return {
    ...settings,
    port: env.port('IDENTITY_PORT', DEFAULT_PORT),
    tlsFolder: env.text('TOUCHSTONE_TLS_DIR', path.join(settings.home, 'tls')),
    tenants: env.json('IDENTITY_TENANTS', readTenants, []),
    resources: env.list('IDENTITY_RESOURCES'),
    names: env.list('IDENTITY_NAMES'),
    origins: env.list('IDENTITY_ORIGINS'),
    allowDevelopmentCredentials: env.flag('TOUCHSTONE_ALLOW_DEVELOPMENT_CREDENTIALS'),
  };
}

function readTenants(value: unknown): readonly Tenant[] {
  return listOf(value, 'tenants').map((item) => {
    const { id, domains, applications } = objectOf(item, 'tenant');
    return {
      id: textOf(id, 'id'),
      applications: listOf(applications, 'applications').map(readApplication),
      ...(domains !== undefined && { domains: textsOf(domains, 'domains') }),
    };
  });
}

function readApplication(value: unknown): Application {
  const { clientId, secrets, objectId, roles } = objectOf(value, 'application');
  return {
    clientId: textOf(clientId, 'clientId'),
    secrets: textsOf(secrets, 'secrets'),
    objectId: textOf(objectId, 'objectId'),
    ...(roles !== undefined && { roles: textsOf(roles, 'roles') }),
  };
}

function listOf(value: unknown, name: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new TypeError(`${name} must be a list`);
}

function objectOf(value: unknown, name: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  throw new TypeError(`${name} must be an object`);
}

function textOf(value: unknown, name: string): string {
  if (typeof value === 'string') return value;
  throw new TypeError(`${name} must be a text`);
}

const textsOf = (value: unknown, name: string): string[] =>
  listOf(value, name).map((item) => textOf(item, name));
