import { FleetHub } from './fleet-hub';
import { joinFleet } from './fleet-member';
import type { PrimaryMessage } from './fleet-messages';
import { soleFleet, type Fleet } from './fleet';
import { createMetrics } from './metrics';

/** Workers without processes: messages go from hand to hand, as JSON does. */
function fleetOf(size: number) {
  const hub = new FleetHub(size);
  const fleets = new Map<number, Fleet>();
  const join = (id: number): Fleet => {
    let listener: (message: PrimaryMessage) => void = () => undefined;
    hub.join(id, (message) => listener(JSON.parse(JSON.stringify(message)) as PrimaryMessage));
    const channel = {
      send: (message: Parameters<FleetHub['take']>[1]) =>
        hub.take(id, JSON.parse(JSON.stringify(message)) as typeof message),
      receive: (next: typeof listener) => {
        listener = next;
      },
    };
    const fleet = joinFleet(channel, size);
    fleets.set(id, fleet);
    return fleet;
  };
  return { hub, join };
}

const ready = (hub: FleetHub, id: number): void =>
  hub.take(id, { kind: 'ready', url: 'https://localhost' });

describe('a fleet', () => {
  it('is ready when all are, and no longer when one is gone', async () => {
    const { hub, join } = fleetOf(2);
    const one = join(1);
    ready(hub, 1);
    await expect(one.ready()).rejects.toThrow('not all workers are ready');
    join(2);
    ready(hub, 2);
    await expect(one.ready()).resolves.toBeUndefined();
    hub.leave(2);
    await expect(one.ready()).rejects.toThrow('not all workers are ready');
  });

  it('answers a question with what each has to say', async () => {
    const { join } = fleetOf(3);
    const fleets = [join(1), join(2), join(3)];
    fleets.forEach((fleet, index) => fleet.handle('name', async () => index));
    expect([...((await fleets[1]?.ask('name')) ?? [])].sort()).toEqual([0, 1, 2]);
  });

  it('does not wait for one that ends or has nothing to say', async () => {
    const { hub, join } = fleetOf(3);
    const one = join(1);
    one.handle('name', async () => 'one');
    join(2).handle('name', () => new Promise(() => undefined));
    join(3);
    const answers = one.ask('name');
    hub.leave(2);
    expect(await answers).toEqual(['one']);
  });

  it('keeps questions apart', async () => {
    const { join } = fleetOf(2);
    const [one, two] = [join(1), join(2)];
    const names = ['a', 'b', 'c'];
    for (const name of names) two.handle(name, async () => name);
    expect(await Promise.all(names.map((name) => one.ask(name)))).toEqual([['a'], ['b'], ['c']]);
  });

  it('says so when one fails', async () => {
    const { join } = fleetOf(2);
    const one = join(1);
    join(2).handle('name', async () => {
      throw new Error('no name');
    });
    await expect(one.ask('name')).rejects.toThrow('another worker failed: no name');
  });

  it('tells the sums of all metrics', async () => {
    const { join } = fleetOf(2);
    const metrics = [join(1), join(2)].map((fleet) => createMetrics('service', fleet));
    for (const each of metrics) each.decision({ kind: 'attest', outcome: 'granted' });
    const line =
      'touchstone_decisions_total{kind="attest",outcome="granted",code="",service="service"} 2';
    for (const each of metrics) expect(await each.text()).toContain(line);
  });
});

describe('a fleet of one', () => {
  it('is ready and asks itself', async () => {
    const fleet = soleFleet();
    fleet.handle('name', async () => 'one');
    await expect(fleet.ready()).resolves.toBeUndefined();
    expect(await fleet.ask('name')).toEqual(['one']);
    expect(await fleet.ask('other')).toEqual([]);
  });
});
