import type { Express } from 'express';
import { handler, resource, textBody } from '@touchstone/http';
import type { Revocations } from '@touchstone/service-attestation';
import {
  EXTENSION_METADATA_PATH,
  REVOCATIONS_PATH,
  extensionMetadata,
  revocationList,
} from '@touchstone/token';
import { attestation } from '@touchstone/wire';
import { recorded, type ChangeRecordDeps } from './change-record';
import type { Door } from './door';
import { locationOf } from './location';

export interface RevocationRouteDeps extends ChangeRecordDeps {
  readonly revocations: Revocations;
  readonly door: Door;
}

/** The endpoint that Azure's metadata names, and our own list of what came in there. */
export function addRevocationRoutes(app: Express, deps: RevocationRouteDeps): void {
  const { revocations, door } = deps;
  resource(app, attestation.REVOKE_PATH, {
    post: [
      door('write'),
      textBody(attestation.MAX_REVOKE_BODY_BYTES),
      handler(async (request, response) => {
        const token = attestation.decodeRevocation(String(request.body));
        await recorded(deps, { operation: 'token-revoke', document: token }, response, () =>
          revocations.revoke(locationOf(response), token),
        );
        response.status(200).end();
      }),
    ],
  });
  resource(app, REVOCATIONS_PATH, {
    get: handler(async (_request, response) => {
      const { provider } = locationOf(response);
      response.json(revocationList(await revocations.list(provider)));
    }),
  });
  resource(app, EXTENSION_METADATA_PATH, {
    get: handler((_request, response) => {
      response.json(extensionMetadata(locationOf(response).issuer));
    }),
  });
}
