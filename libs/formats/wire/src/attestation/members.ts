import { AttestationWireError } from './wire-error';

/**
 * The members of a JSON object under the names that we know them by. Clients disagree on letter case
 * (`initTimeData`, `inittimeData`), so names are matched without regard to it; a member that then stands
 * twice has no single meaning and is refused. `null` counts as absent, other members are dropped.
 *
 * @throws AttestationWireError ATTEST_BODY_INVALID or ATTEST_MEMBER_REPEATED
 */
export function knownMembers<Name extends string>(
  value: unknown,
  names: readonly Name[],
  field: string,
): Partial<Record<Name, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new AttestationWireError('ATTEST_BODY_INVALID', `${field} is not a JSON object`, {
      field,
    });
  }
  const byFoldedName = new Map(names.map((name) => [name.toLowerCase(), name]));
  const members: Partial<Record<Name, unknown>> = {};
  for (const [written, member] of Object.entries(value)) {
    const name = byFoldedName.get(written.toLowerCase());
    if (name === undefined || member === null) continue;
    if (Object.hasOwn(members, name)) {
      throw new AttestationWireError('ATTEST_MEMBER_REPEATED', `${name} stands twice`, {
        field: name,
      });
    }
    members[name] = member;
  }
  return members;
}
