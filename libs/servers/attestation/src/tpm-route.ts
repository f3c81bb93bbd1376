import type { Express } from 'express';
import { JSON_TYPES, SMALL_BODY_BYTES, handler, jsonBody, resource } from '@touchstone/http';
import { AttestationError } from '@touchstone/service-attestation';
import { attestation } from '@touchstone/wire';
import { requireApiVersion } from './api-version';
import type { Door } from './door';

/** TPM and VBS evidence is not judged here: no policy can be set for it, and without one the live service says no. */
export function addTpmRoute(app: Express, door: Door): void {
  resource(app, attestation.TPM_ATTEST_PATH, {
    post: [
      door('read'),
      requireApiVersion,
      jsonBody(SMALL_BODY_BYTES, { types: JSON_TYPES }),
      handler(() => {
        throw new AttestationError('ATTESTATION_POLICY_NOT_SET', 'no policy is set for the type');
      }),
    ],
  });
}
