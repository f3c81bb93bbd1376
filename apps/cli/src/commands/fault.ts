import type { Command } from 'commander';
import { resolveHome } from '../home';
import {
  clear,
  EXPIRED_COLLATERAL,
  platformOf,
  setAvailability,
  setFaults,
  STALE_CRLS,
  tcbRecovery,
  type RecoveryChoice,
  type Step,
} from '../fault/events';
import { renewEverywhere } from '../fault/renewal';
import { renderCatalogue, renderWorld, worldReport } from '../fault/render-world';
import type { SimulationState } from '../fault/simulation';
import { openWorld, type World } from '../fault/world';

interface FaultOptions {
  readonly home?: string;
  readonly json?: boolean;
  readonly hold?: boolean;
}

const HELP = `
Each event is followed by a renewal: the PCK cache, the enclave host and the attestation service ask for their
documents anew, so that the next attestation shows the effect. With --hold they go on with what they have.`;

/** `touchstone fault …`: what goes wrong at Intel, on a running ecosystem, and back. */
export function addFault(program: Command): void {
  const fault = program
    .command('fault')
    .description('have something go wrong in the simulated world, one thing at a time, and back')
    .addHelpText('after', HELP);
  addList(fault);
  event(fault, 'set', 'exactly these faults, and no others')
    .argument('<name...>', 'names, as "fault list" has them')
    .action((names: string[], options: FaultOptions) =>
      bringAbout(options, (state) => setFaults(names, state)),
    );
  event(fault, 'stale-crl', 'CRLs past their next update').action((options: FaultOptions) =>
    bringAbout(options, (state) => setFaults(STALE_CRLS, state)),
  );
  event(fault, 'expire-collateral', 'every dated document past its next update').action(
    (options: FaultOptions) => bringAbout(options, (state) => setFaults(EXPIRED_COLLATERAL, state)),
  );
  addRecoveries(fault);
  addRevocations(fault);
  event(fault, 'pcs', 'make the services answer 503 or 429, or as they should')
    .argument('<down|429|up>')
    .action((word: string, options: FaultOptions) =>
      // Caches are there to carry on: nobody is made to ask.
      bringAbout({ ...options, hold: true }, () => setAvailability(word)),
    );
  event(fault, 'renew', 'nothing happens, but every party asks for its documents anew').action(
    (options: FaultOptions) => bringAbout(options, () => []),
  );
  event(fault, 'clear', 'everything back as it was').action((options: FaultOptions) =>
    bringAbout(options, clear),
  );
}

function addList(fault: Command): void {
  withOptions(
    fault.command('list').description('every fault that there is, and what is set'),
  ).action((options: FaultOptions) =>
    inWorld(options, async ({ simulation }) => {
      const state = await simulation.state();
      const report = worldReport(state, []);
      process.stdout.write(
        options.json
          ? `${JSON.stringify({ ...report, catalogue: state.faults })}\n`
          : `${renderCatalogue(state)}\n${renderWorld(report, state.faults)}`,
      );
    }),
  );
}

function addRecoveries(fault: Command): void {
  event(fault, 'tcb-recovery', 'today’s TCB level becomes out of date')
    .option('--early', 'for the early channel only')
    .option('--standard', 'for the standard channel too')
    .option('--advisory <id...>', 'security advisories that it is about')
    .option('--qe', 'a new Quoting Enclave is part of it')
    .action((options: FaultOptions & RecoveryChoice) =>
      bringAbout(options, () => tcbRecovery(options)),
    );
  event(fault, 'enforce-recoveries', 'the standard channel follows what was early').action(
    (options: FaultOptions) => bringAbout(options, () => [{ action: 'enforce-recoveries' }]),
  );
}

function addRevocations(fault: Command): void {
  const actions = [
    ['revoke-platform', 'every PCK certificate of a platform is revoked'],
    ['reinstate-platform', 'and back'],
  ] as const;
  for (const [action, what] of actions) {
    event(fault, action, what)
      .argument('[ppid]', 'hex; may be left out where there is one platform')
      .action((ppid: string | undefined, options: FaultOptions) =>
        bringAbout(options, (state) => [{ action, ppid: platformOf(state, ppid) }]),
      );
  }
}

const withOptions = (command: Command): Command =>
  command
    .option('--home <folder>', 'state folder of the running ecosystem')
    .option('--json', 'print one JSON document');

const event = (fault: Command, name: string, what: string): Command =>
  withOptions(fault.command(name).description(what)).option(
    '--hold',
    'leave every cache with what it has',
  );

/** Lets something happen, has everybody notice unless they are to hold, and tells how the world is now. */
function bringAbout(
  options: FaultOptions,
  stepsOf: (state: SimulationState) => readonly Step[],
): Promise<void> {
  return inWorld(options, async (world) => {
    const { simulation } = world;
    const renew = async () => (options.hold ? [] : renewEverywhere(world));
    for (const step of stepsOf(await simulation.state())) {
      await (step.action === 'renew' ? renew() : simulation.happen(step));
    }
    const renewals = await renew();
    const state = await simulation.state();
    const report = worldReport(state, renewals);
    process.stdout.write(
      options.json ? `${JSON.stringify(report)}\n` : renderWorld(report, state.faults),
    );
  });
}

async function inWorld(
  { home }: FaultOptions,
  action: (world: World) => Promise<void>,
): Promise<void> {
  const world = await openWorld(resolveHome(home, process.env));
  try {
    await action(world);
  } finally {
    await world.close();
  }
}
