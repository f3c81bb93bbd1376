import { createBearerVerifier } from '@touchstone/entra-client';
import { isLoopback } from '@touchstone/runtime';
import { createAccessControl, type RoleAssignments } from '@touchstone/service-attestation';
import { AUDIENCES, createDoor } from './door';
import type { AttestationServiceStart } from './start-options';

/** Object id of the well-known development client, and what it may do on a machine of its own. */
const DEVELOPMENT_PRINCIPAL = 'b4a7f2d0-3c77-4c1f-8b2e-6f1f0c8d9e12';
const DEVELOPMENT_ROLES: RoleAssignments = {
  [DEVELOPMENT_PRINCIPAL]: ['Attestation Contributor'],
};

/** Who may come in, and what those are told who may not. */
export function accessOf(options: AttestationServiceStart) {
  const { identity, http, clock, host, roleAssignments } = options;
  const { authority, tenant } = identity;
  const allowed = isLoopback(host) || options.allowDevelopmentCredentials === true;
  const roles = roleAssignments ?? (allowed ? DEVELOPMENT_ROLES : {});
  return {
    door: createDoor(
      createBearerVerifier({ authority, tenant, http, clock }),
      createAccessControl(roles),
    ),
    challenge: { authorization: `${authority}/${tenant}`, resource: AUDIENCES.join(' ') },
  };
}
