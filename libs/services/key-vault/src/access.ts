import { sha256, fromUtf8, toHex } from '@touchstone/bytes';
import { VaultError } from './vault-error';

/** Who calls, as the bearer token said. */
export interface Principal {
  readonly oid: string;
  readonly appid: string;
  readonly tid: string;
}

/** What may be done with keys, as data actions below `Microsoft.KeyVault/vaults/`. */
export const KEY_ACTIONS = [
  'keys/read',
  'keys/create/action',
  'keys/import/action',
  'keys/update/action',
  'keys/delete',
  'keys/recover/action',
  'keys/purge/action',
  'keys/release/action',
] as const;
export type KeyAction = (typeof KEY_ACTIONS)[number];

interface RoleDefinition {
  readonly name: string;
  readonly id: string;
  readonly actions: readonly KeyAction[];
}

/** Azure's built-in roles that reach keys. Crypto User does not include release. */
export const ROLES: readonly RoleDefinition[] = [
  {
    name: 'Key Vault Administrator',
    id: '00482a5a-887f-4fb3-b363-3b7fe8e74483',
    actions: KEY_ACTIONS,
  },
  {
    name: 'Key Vault Crypto Officer',
    id: '14b46e9e-c2b7-41b4-b07b-48a6ebf60603',
    actions: KEY_ACTIONS,
  },
  {
    name: 'Key Vault Crypto User',
    id: '12338af0-0e69-4776-bea7-57ae8d297424',
    actions: ['keys/read', 'keys/update/action'],
  },
  {
    name: 'Key Vault Crypto Service Release User',
    id: '08bbd89e-9f13-488c-ac41-acfcb10c90ab',
    actions: ['keys/release/action'],
  },
  {
    name: 'Key Vault Crypto Service Encryption User',
    id: 'e147488a-f6f5-4113-8e2d-b22465e65bf6',
    actions: ['keys/read'],
  },
  { name: 'Key Vault Reader', id: '21090545-7ca7-4776-b22c-e363652d74d2', actions: ['keys/read'] },
];

/** Object id of a principal to the names or ids of its roles. */
export type RoleAssignments = Readonly<Record<string, readonly string[]>>;

/** The assignment that permits an action. */
export interface Grant {
  /** A GUID, the same for the same principal and role. */
  readonly assignmentId: string;
  readonly role: string;
}

export interface AccessControl {
  /** `undefined` when no role of the principal permits it. */
  find(principal: Principal, action: KeyAction): Grant | undefined;
}

/** Role names that Azure does not have; a configuration that names one is a mistake. */
export const unknownRoles = (names: readonly string[]): readonly string[] =>
  names.filter((name) => roleOf(name) === undefined);

export function createAccessControl(assignments: RoleAssignments): AccessControl {
  return {
    find: ({ oid }, action) => {
      const names = Object.hasOwn(assignments, oid) ? (assignments[oid] ?? []) : [];
      const role = names.map(roleOf).find((candidate) => candidate?.actions.includes(action));
      return role && { assignmentId: assignmentId(oid, role), role: role.name };
    },
  };
}

/** A refusal that says who wanted to do what with what. */
export class VaultForbiddenError extends VaultError {
  constructor(
    readonly principal: Principal,
    readonly action: KeyAction,
    /** Path of the object below the vault, such as `keys/k1`; empty for the vault itself. */
    readonly object: string,
    readonly vault: string,
  ) {
    super('VAULT_FORBIDDEN', 'no role of the caller permits the action', { field: action });
  }
}

const roleOf = (name: string): RoleDefinition | undefined =>
  ROLES.find((role) => role.name === name || role.id === name);

function assignmentId(oid: string, role: RoleDefinition): string {
  const hex = toHex(sha256(fromUtf8(`${oid}|${role.id}`)));
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}
