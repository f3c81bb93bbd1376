import { AttestationError } from './attestation-error';

/** Who calls, as the bearer token said. */
export interface Caller {
  readonly oid: string;
}

export type OwnerAction = 'read' | 'write';

interface RoleDefinition {
  readonly name: string;
  readonly id: string;
  readonly actions: readonly OwnerAction[];
}

/** Azure's built-in roles that reach policies; the general ones do so by their wildcards. */
export const ROLES: readonly RoleDefinition[] = [
  {
    name: 'Attestation Reader',
    id: 'fd1bd22b-8476-40bc-a0bc-69b95687b9f3',
    actions: ['read'],
  },
  {
    name: 'Attestation Contributor',
    id: 'bbf86eb8-f7b4-4cce-96e4-18cddf81d86e',
    actions: ['read', 'write'],
  },
  { name: 'Reader', id: 'acdd72a7-3385-48ef-bd42-f606fba81ae7', actions: ['read'] },
  { name: 'Contributor', id: 'b24988ac-6180-42a0-ab88-20f7382dd24c', actions: ['read', 'write'] },
  { name: 'Owner', id: '8e3af657-a8ff-443c-a75c-2fe8c4bcb635', actions: ['read', 'write'] },
];

/** Object id of a principal to the names or ids of its roles. */
export type RoleAssignments = Readonly<Record<string, readonly string[]>>;

/** Role names that Azure does not have; a configuration that names one is a mistake. */
export const unknownRoles = (names: readonly string[]): readonly string[] =>
  names.filter((name) => roleOf(name) === undefined);

/** @throws AttestationError ATTESTATION_FORBIDDEN when no role of the caller permits the action. */
export type AccessControl = (caller: Caller, action: OwnerAction) => void;

export function createAccessControl(assignments: RoleAssignments): AccessControl {
  return ({ oid }, action) => {
    const names = Object.hasOwn(assignments, oid) ? (assignments[oid] ?? []) : [];
    if (names.some((name) => roleOf(name)?.actions.includes(action))) return;
    throw new AttestationError(
      'ATTESTATION_FORBIDDEN',
      'no role of the caller permits the operation',
      { field: action },
    );
  };
}

const roleOf = (name: string): RoleDefinition | undefined =>
  ROLES.find((role) => role.name === name || role.id === name);
