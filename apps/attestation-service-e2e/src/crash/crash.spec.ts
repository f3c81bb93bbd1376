import { setTimeout } from 'node:timers/promises';
import { HttpClientError } from '@touchstone/http-client';
import { makeProvider } from '../owners';
import { openCrashBench, type CrashBench } from './crash-bench';
import { databases } from './databases';
import { buildService } from './service-process';
import { createUpdateSource, type Update } from './update-source';
import { WatchedPolicy, type Found } from './watched-policy';

/** Kills in the everyday run. */
const DEFAULT_ROUNDS = 3;
const ROUNDS = Number(process.env['CRASH_ROUNDS'] ?? DEFAULT_ROUNDS);
/** A kill comes after some acknowledged updates of a round, and a little later. */
const MAX_UPDATES_BEFORE = 12;
const MAX_DELAY_MS = 12;
const SECONDS_PER_ROUND = 30;

const PROVIDERS = ['contoso', 'fabrikam'];
const TYPES = ['SgxEnclave', 'OpenEnclave'] as const;

jest.setTimeout((ROUNDS + 2) * SECONDS_PER_ROUND * 1000);

const below = (limit: number): number => Math.floor(Math.random() * limit);

describe.each(databases)('killed in the middle of policy updates on $name', (kind) => {
  let bench: CrashBench;
  let policies: readonly WatchedPolicy[];
  let next: () => Update;

  beforeAll(async () => {
    await buildService();
    next = createUpdateSource();
    bench = await openCrashBench(kind);
    await bench.start();
    for (const name of PROVIDERS) await makeProvider(bench, name);
    policies = PROVIDERS.flatMap((name) =>
      TYPES.map((type) => new WatchedPolicy(bench, name, type)),
    );
  });
  afterAll(() => bench.close());

  /** Updates one policy after the other until nobody answers any more. */
  async function keepUpdating(
    policy: WatchedPolicy,
    killed: () => boolean,
    onUpdate: () => void,
  ): Promise<void> {
    while (!killed()) {
      try {
        await policy.update(next());
      } catch (error) {
        if (killed() && error instanceof HttpClientError) return;
        throw error;
      }
      onUpdate();
    }
  }

  async function updateUntilKilled(): Promise<number> {
    let updates = 0;
    let dying: Promise<void> | undefined;
    let killed = false;
    const killAfter = policies.length + below(MAX_UPDATES_BEFORE);
    const onUpdate = (): void => {
      updates += 1;
      if (updates < killAfter || dying) return;
      dying = setTimeout(below(MAX_DELAY_MS)).then(() => {
        killed = true;
        return bench.kill();
      });
    };
    await Promise.all(policies.map((policy) => keepUpdating(policy, () => killed, onUpdate)));
    await dying;
    return updates;
  }

  it(`holds each policy whole, as acknowledged or as on its way, ${ROUNDS} times`, async () => {
    const found: Record<Found, number> = { acknowledged: 0, 'in flight': 0 };
    let updates = 0;
    for (const policy of policies) await policy.verify();
    for (let round = 0; round < ROUNDS; round += 1) {
      updates += await updateUntilKilled();
      await bench.start();
      for (const policy of policies) found[await policy.verify()] += 1;
    }
    expect(found.acknowledged + found['in flight']).toBe(ROUNDS * policies.length);
    process.stdout.write(
      `${kind.name}: ${ROUNDS} kills, ${updates} acknowledged updates; afterwards ${found.acknowledged} policies as acknowledged, ${found['in flight']} as on their way\n`,
    );
  });
});
