import { parseTcbInfo } from '@touchstone/collateral';
import { signedEnclaveFromJson } from '@touchstone/enclave';
import { parseCrl, parsePemChain } from '@touchstone/pki';
import { parseSigstruct, verifySigstruct } from '@touchstone/platform';
import { seededRandom } from '@touchstone/runtime';
import { pckQuery, World } from './world';

let world: World;

beforeAll(async () => {
  world = await World.open({ manufacturingToken: 'factory' });
});
afterAll(() => world.close());

const FMSPC = 'E3A067110000';
const happen = (event: object) => world.own('/simulation/events', event);
const crl = async (ca: string) =>
  parseCrl((await world.ask(`/sgx/certification/v4/pckcrl?ca=${ca}&encoding=der`)).body);
const tcb = async (query = '') =>
  parseTcbInfo((await world.ask(`/sgx/certification/v4/tcb?fmspc=${FMSPC}${query}`)).body);

describe('the factory', () => {
  it('makes a processor and keeps what it must know of it', async () => {
    const made = await world.make('simulated-e3');
    expect(made).toMatchObject({
      model: 'simulated-e3',
      fmspc: FMSPC,
      ca: 'processor',
      ppid: expect.stringMatching(/^[0-9a-f]{32}$/),
      rootProvisioningKey: expect.stringMatching(/^[0-9a-f]{32}$/),
      pceSvn: 15,
      ppidEncryptionKey: expect.stringMatching(/^-----BEGIN PUBLIC KEY-----/),
    });
    expect(made).not.toHaveProperty('rootSealKey');
  });

  it('makes one with an older TCB', async () => {
    const made = await world.make('simulated-e3', {
      tcb: { cpuSvn: '0a0a0202ff010c'.padEnd(32, '0'), pceSvn: 13 },
    });
    expect(made.pceSvn).toBe(13);
    const { headers } = await world.ask(`/sgx/certification/v4/pckcert?${pckQuery(made)}`);
    expect(headers['sgx-tcbm']).toBe(`${made.cpuSvn}0d00`.toUpperCase());
  });

  it('hands out enclaves that the vendor signed', async () => {
    const { body } = await world.own('/manufacturing/enclaves');
    const { enclaves, vendorMrSigner } = JSON.parse(body.toString()) as {
      enclaves: Record<'qe' | 'pce', unknown>;
      vendorMrSigner: string;
    };
    for (const shipped of [enclaves.qe, enclaves.pce]) {
      const { sigstruct } = signedEnclaveFromJson(shipped);
      const { mrSigner } = verifySigstruct(parseSigstruct(sigstruct));
      expect(Buffer.from(mrSigner).toString('hex')).toBe(vendorMrSigner);
    }
  });

  it('tells its models', async () => {
    const { body } = await world.own('/manufacturing/models');
    expect(JSON.parse(body.toString())).toHaveLength(3);
  });

  it.each([
    ['an unknown model', { model: 'abacus' }],
    ['no model', {}],
    ['half a TCB', { model: 'simulated-e3', tcb: { cpuSvn: '00'.repeat(16) } }],
    ['a bad CPUSVN', { model: 'simulated-e3', tcb: { cpuSvn: 'x', pceSvn: 15 } }],
    ['a TCB that is none', { model: 'simulated-e3', tcb: 1 }],
  ])('refuses %s', async (_name, order) => {
    const { status, body } = await world.own('/manufacturing/processors', order);
    expect(status).toBe(400);
    expect(JSON.parse(body.toString())).toMatchObject({ error: { code: expect.any(String) } });
  });

  it.each([
    ['GET', '/manufacturing/enclaves'],
    ['GET', '/manufacturing/models'],
    ['POST', '/manufacturing/processors'],
    ['GET', '/simulation/state'],
    ['POST', '/simulation/events'],
  ])('is closed to strangers: %s %s', async (method, path) => {
    for (const headers of [
      {},
      { authorization: 'Bearer wrong' },
      { authorization: 'Basic factory' },
    ]) {
      const { status } = await world.ask(path, { method, headers: { ...headers } });
      expect(status).toBe(401);
    }
  });
});

describe('an event', () => {
  it('revokes a platform until it is reinstated', async () => {
    const made = await world.make('simulated-e5');
    expect((await happen({ action: 'revoke-platform', ppid: made.ppid })).status).toBe(204);
    const { body } = await world.ask(`/sgx/certification/v4/pckcert?${pckQuery(made)}`);
    const [leaf] = parsePemChain(body);
    expect((await crl('platform')).revoked.has(leaf?.serialNumber ?? '')).toBe(true);
    await happen({ action: 'reinstate-platform', ppid: made.ppid });
    expect((await crl('platform')).revoked.size).toBe(0);
  });

  it('announces a TCB recovery, enforces it, and takes it back', async () => {
    await happen({ action: 'tcb-recovery', advisoryIds: ['INTEL-SA-09999'] });
    expect((await tcb('&update=early')).tcbEvaluationDataNumber).toBe(21);
    expect((await tcb()).tcbEvaluationDataNumber).toBe(20);
    await happen({ action: 'enforce-recoveries' });
    expect((await tcb()).tcbEvaluationDataNumber).toBe(21);
    await happen({ action: 'undo-recoveries' });
    expect((await tcb()).tcbEvaluationDataNumber).toBe(20);
  });

  it('brings a fault about, and outlives a restart', async () => {
    await happen({ action: 'set-faults', faults: ['pck-crl-expired', 'root-reissued'] });
    await world.stop();
    await world.start();
    expect((await crl('platform')).nextUpdate.getTime()).toBeLessThan(world.now.getTime());
    await happen({ action: 'set-faults', faults: [] });
    expect((await crl('platform')).nextUpdate.getTime()).toBeGreaterThan(world.now.getTime());
  });

  it.each([
    ['down', 503, undefined],
    ['throttled', 429, '30'],
  ])('makes the service %s', async (availability, expected, retryAfter) => {
    await happen({ action: 'set-availability', availability });
    const { status, headers } = await world.ask(`/sgx/certification/v4/tcb?fmspc=${FMSPC}`);
    expect(status).toBe(expected);
    expect(headers['retry-after']).toBe(retryAfter);
    expect((await world.own('/simulation/state')).status).toBe(200);
    await happen({ action: 'set-availability', availability: 'up' });
    expect((await world.ask('/IntelSGXRootCA.der')).status).toBe(200);
  });

  it.each([
    ['no object', null],
    ['no action', {}],
    ['an unknown action', { action: 'explode' }],
    ['an inherited name', { action: 'toString' }],
    ['an unknown fault', { action: 'set-faults', faults: ['gremlins'] }],
    ['faults that are none', { action: 'set-faults', faults: 'pck-crl-expired' }],
    ['a bad advisory', { action: 'tcb-recovery', advisoryIds: ['"'] }],
    ['a bad flag', { action: 'tcb-recovery', enforced: 'yes' }],
    ['a bad PPID', { action: 'revoke-platform', ppid: 'x' }],
    ['an unknown availability', { action: 'set-availability', availability: 'sleepy' }],
  ])('is refused with %s', async (_name, event) => {
    expect((await happen(event as object)).status).toBe(400);
  });

  it('is refused for a platform that was never made', async () => {
    const { status } = await happen({ action: 'revoke-platform', ppid: '00'.repeat(16) });
    expect(status).toBe(404);
  });

  it('runs out of recoveries before SVNs run out of bits', async () => {
    const announce = () => happen({ action: 'tcb-recovery', advisoryIds: [] });
    const statuses = new Set<number>();
    for (let count = 0; count < 33; count++) statuses.add((await announce()).status);
    expect([...statuses]).toEqual([204, 400]);
    await happen({ action: 'undo-recoveries' });
  });
});

describe('the state', () => {
  it('tells what has happened', async () => {
    const { body } = await world.own('/simulation/state');
    expect(JSON.parse(body.toString())).toMatchObject({
      availability: 'up',
      state: { faults: [], revokedPlatforms: [], addedRecoveries: [] },
      faults: { 'pck-crl-expired': expect.any(String) },
      actions: expect.arrayContaining(['set-faults']),
    });
  });
});

describe('a seed', () => {
  const run = async () => {
    const random = seededRandom('ab01', 'intel-pcs');
    const seeded = await World.open({ random, deterministic: true });
    try {
      return { root: seeded.service.rootPem, made: await seeded.make('simulated-e3') };
    } finally {
      await seeded.close();
    }
  };

  it('gives the same authority and the same processors again', async () => {
    expect(await run()).toEqual(await run());
  });
});
