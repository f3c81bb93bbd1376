import type { Express } from 'express';
import { handler, resource } from '@touchstone/http';
import type { TcbBaselines } from '@touchstone/service-attestation';
import { attestation } from '@touchstone/wire';
import { requireVersion } from './api-version';
import type { Door } from './door';
import { locationOf } from './location';

/** The TCB baselines that policies may choose, since 2022-09-01-preview. */
export function addBaselineRoutes(app: Express, baselines: TcbBaselines, door: Door): void {
  for (const type of attestation.ATTESTATION_TYPES) {
    resource(app, attestation.tcbBaselinesPath(type), {
      get: [
        door('read'),
        requireVersion(attestation.TCB_BASELINE_VERSIONS),
        handler(async (_request, response) => {
          const { provider } = locationOf(response);
          response.json(attestation.tcbBaselinesAnswer(await baselines(provider, type)));
        }),
      ],
    });
  }
}
