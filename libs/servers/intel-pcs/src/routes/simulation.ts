import type { Express } from 'express';
import {
  encodeState,
  FAULTS,
  isFault,
  withFaults,
  withoutRecoveries,
  withPlatformReinstated,
  withPlatformRevoked,
  withRecoveriesEnforced,
  withRecovery,
} from '@touchstone/authority';
import { handler, jsonBody, resource, SMALL_BODY_BYTES } from '@touchstone/http';
import type { FusedPlatform } from '@touchstone/ports';
import { requireBearer } from '../bearer';
import { invalid, PcsRequestError } from '../request-error';
import { AVAILABILITIES, type IntelPcs } from '../service';

type Members = Readonly<Record<string, unknown>>;
type Action = (pcs: IntelPcs, members: Members) => Promise<void>;

/** Events that can be brought about in the simulated world, by name. */
const ACTIONS: Readonly<Record<string, Action>> = {
  'set-faults': async (pcs, { faults }) => {
    if (!Array.isArray(faults)) throw invalid('faults', 'is no list');
    const known = faults.map((name: unknown) => {
      if (typeof name === 'string' && isFault(name)) return name;
      throw invalid('faults', 'names a fault that there is not');
    });
    await pcs.changeState((state) => withFaults(state, known, pcs.clock.now()));
  },
  'tcb-recovery': async (pcs, { enforced = false, advisoryIds = [], raisesQeSvn = 0 }) => {
    if (typeof enforced !== 'boolean') throw invalid('enforced', 'is neither true nor false');
    if (raisesQeSvn !== 0 && raisesQeSvn !== 1) throw invalid('raisesQeSvn', 'is neither 0 nor 1');
    const announcement = { enforced, advisoryIds: readAdvisories(advisoryIds), raisesQeSvn };
    await pcs.changeState((state) => withRecovery(state, announcement, pcs.clock.now()));
  },
  'enforce-recoveries': (pcs) =>
    pcs.changeState((state) => withRecoveriesEnforced(state, pcs.clock.now())),
  'undo-recoveries': (pcs) => pcs.changeState((state) => withoutRecoveries(state, pcs.clock.now())),
  'revoke-platform': async (pcs, members) => {
    const platform = await readPlatform(pcs, members);
    await pcs.changeState((state) => withPlatformRevoked(state, platform, pcs.clock.now()));
  },
  'reinstate-platform': async (pcs, members) => {
    const { ppid } = await readPlatform(pcs, members);
    await pcs.changeState((state) => withPlatformReinstated(state, ppid, pcs.clock.now()));
  },
  'set-availability': async (pcs, { availability }) => {
    const known = AVAILABILITIES.find((one) => one === availability);
    if (known === undefined)
      throw invalid('availability', `is none of ${AVAILABILITIES.join(', ')}`);
    await pcs.setAvailability(known);
  },
};

const ADVISORY = /^[A-Z0-9-]{1,20}$/;
const MAX_ADVISORIES = 20;

function readAdvisories(value: unknown): readonly string[] {
  if (!Array.isArray(value) || value.length > MAX_ADVISORIES)
    throw invalid('advisoryIds', 'is no short list');
  return value.map((id: unknown) => {
    if (typeof id === 'string' && ADVISORY.test(id)) return id;
    throw invalid('advisoryIds', 'has an entry that is no advisory');
  });
}

async function readPlatform(pcs: IntelPcs, { ppid }: Members): Promise<FusedPlatform> {
  if (typeof ppid !== 'string' || !/^[0-9a-f]{32}$/.test(ppid))
    throw invalid('ppid', 'is no PPID in hex');
  const platform = await pcs.fuses.find(ppid);
  if (platform) return platform;
  throw new PcsRequestError('PCS_PLATFORM_UNKNOWN', 'no such platform was made here', {
    field: 'ppid',
  });
}

/** What happens in the simulated world: faults, recoveries, revocations. Not an API of Intel's. */
export function simulationRoutes(app: Express, pcs: IntelPcs, token: string): void {
  const bearer = requireBearer(token);
  const state = handler(async (_request, response) => {
    const platforms = await pcs.fuses.list();
    response.json({
      state: encodeState(pcs.authority().state),
      availability: pcs.availability(),
      platforms: platforms.map(({ ppid, model, createdAt }) => ({ ppid, model, createdAt })),
      faults: FAULTS,
      actions: Object.keys(ACTIONS),
    });
  });
  resource(app, '/simulation/state', { get: [bearer, state] });
  const change = handler(async (request, response) => {
    const body: unknown = request.body;
    if (typeof body !== 'object' || body === null) throw invalid('body', 'is no JSON object');
    const members: Members = { ...body };
    const { action: name } = members;
    const action =
      typeof name === 'string' && Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
    if (!action) throw invalid('action', `is none of ${Object.keys(ACTIONS).join(', ')}`);
    await action(pcs, members);
    response.status(204).end();
  });
  resource(app, '/simulation/events', { post: [bearer, jsonBody(SMALL_BODY_BYTES), change] });
}
