import { createHash } from 'node:crypto';
import { parseCrl, parsePemChain } from '@touchstone/pki';
import { parseTcbInfo } from '@touchstone/collateral';
import { Intel, pckQuery, queryText, World } from './world';

const TOKEN = 'let-me-in';
const V4 = '/sgx/certification/v4';
const TCB = `${V4}/tcb?fmspc=E3A067110000`;
const CRL = `${V4}/pckcrl?ca=processor&encoding=der`;

let intel: Intel;
let world: World;

beforeAll(async () => {
  intel = await Intel.open();
});
afterAll(() => intel.close());
beforeEach(async () => {
  world = await World.open(intel, {
    adminTokenHash: createHash('sha512').update(TOKEN).digest('hex'),
  });
});
afterEach(async () => {
  await world.close();
  await intel.calm();
});

const refresh = (query = '', token = TOKEN) =>
  world.ask(`${V4}/refresh${query}`, { method: 'POST', headers: { 'admin-token': token } });

describe('while Intel is down', () => {
  const down = () => intel.happen({ action: 'set-availability', availability: 'down' });

  it('serves what it has, after a restart too', async () => {
    const made = await intel.make('simulated-e3');
    const pck = `${V4}/pckcert?${queryText(pckQuery(made))}`;
    const urls = [TCB, CRL, `${V4}/rootcacrl`, `${V4}/qe/identity`, pck];
    const before = await Promise.all(urls.map((url) => world.ask(url)));
    await down();
    await world.stopCache();
    await world.startCache();
    world.asked.length = 0;
    const after = await Promise.all(urls.map((url) => world.ask(url)));
    expect(after.map(({ status }) => status)).toEqual(urls.map(() => 200));
    expect(after.map(({ body }) => body)).toEqual(before.map(({ body }) => body));
    expect(world.asked).toEqual([]);
  });

  it.each([
    TCB,
    CRL,
    `${V4}/rootcacrl`,
    `${V4}/crl?uri=https%3A%2F%2Fcertificates.trustedservices.intel.com%2FIntelSGXRootCA.der`,
  ])('says so when it has nothing: %s', async (url) => {
    await down();
    const { status, body } = await world.ask(url);
    expect({ status, text: body.toString() }).toEqual({
      status: 502,
      text: 'Unable to retrieve the collateral from the Intel SGX PCS.',
    });
  });

  it('says so for a platform that it does not know', async () => {
    const made = await intel.make('simulated-e3');
    await down();
    const { status } = await world.ask(`${V4}/pckcert?${queryText(pckQuery(made))}`);
    expect(status).toBe(502);
  });

  it('serves a document past its date, until Intel is back', async () => {
    const held = await world.ask(TCB);
    await down();
    intel.now = new Date('2027-02-01T00:00:00Z');
    expect((await world.ask(TCB)).body).toEqual(held.body);
    await intel.happen({ action: 'set-availability', availability: 'up' });
    intel.now = new Date('2027-02-01T00:02:00Z');
    const { body } = await world.ask(TCB);
    expect(parseTcbInfo(body).nextUpdate.getTime()).toBeGreaterThan(intel.now.getTime());
  });
});

describe('refresh', () => {
  it('takes over what Intel changed', async () => {
    const made = await intel.make('simulated-e3');
    const query = pckQuery(made);
    const pck = await world.ask(`${V4}/pckcert?${queryText(query)}`);
    await world.ask(CRL);
    await intel.happen({ action: 'revoke-platform', ppid: made.ppid });
    expect(parseCrl((await world.ask(CRL)).body).revoked.size).toBe(0);
    const { status, body } = await refresh();
    expect({ status, text: body.toString() }).toEqual({
      status: 200,
      text: 'Operation successful.',
    });
    const [leaf] = parsePemChain(pck.body);
    for (let time = 0; time < 3; time++) {
      const { revoked } = parseCrl((await world.ask(CRL)).body);
      expect(revoked.has(leaf?.serialNumber ?? '')).toBe(true);
    }
  });

  it('renews certificates after a TCB recovery', async () => {
    const made = await intel.make('simulated-e3');
    const raised = Buffer.from(made.cpuSvn, 'hex');
    raised[0] = (raised[0] ?? 0) + 1;
    raised[1] = (raised[1] ?? 0) + 1;
    const query = pckQuery(made, { cpusvn: raised.toString('hex') });
    const tcbm = async () => {
      const { headers } = await world.ask(`${V4}/pckcert?${queryText(query)}`);
      return headers['sgx-tcbm'];
    };
    expect(await tcbm()).toBe(`${made.cpuSvn}0f00`.toUpperCase());
    await intel.happen({ action: 'tcb-recovery', advisoryIds: ['INTEL-SA-09999'] });
    await refresh();
    expect((await refresh('?type=certs&fmspc=E3A067110000')).status).toBe(200);
    expect(await tcbm()).toBe(`${raised.toString('hex')}0f00`.toUpperCase());
  });

  it('keeps what it has and says so when Intel is down', async () => {
    const held = await world.ask(TCB);
    await intel.happen({ action: 'set-availability', availability: 'throttled' });
    expect((await refresh()).status).toBe(502);
    expect((await world.ask(TCB)).body).toEqual(held.body);
  });

  it('is for the administrator', async () => {
    expect((await refresh('', 'wrong')).status).toBe(401);
    expect((await world.ask(`${V4}/refresh`)).status).toBe(401);
    expect((await refresh('?type=everything')).status).toBe(400);
  });

  it('happens on a schedule', async () => {
    await world.ask(CRL);
    await world.stopCache();
    await world.startCache({ refreshSeconds: 1 });
    world.asked.length = 0;
    for (let waited = 0; waited < 50 && world.asked.length === 0; waited++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(world.asked[0]).toMatch(/pckcrl\?ca=processor/);
  });
});

describe('the other modes', () => {
  it.each(['REQ', 'OFFLINE'] as const)('fetch nothing on request: %s', async (mode) => {
    const made = await intel.make('simulated-e3');
    await world.stopCache();
    await world.startCache({ mode });
    expect((await world.ask(TCB)).status).toBe(404);
    const { status, body } = await world.ask(`${V4}/pckcert?${queryText(pckQuery(made))}`);
    expect({ status, text: body.toString() }).toEqual({
      status: 461,
      text: 'The platform was not found in the cache.',
    });
    expect((await refresh()).status).toBe(mode === 'OFFLINE' ? 503 : 200);
    expect(world.asked).toEqual([]);
  });
});

describe('probes', () => {
  it.each(['/healthz', '/readyz', '/metrics'])('answer at %s', async (url) => {
    expect((await world.ask(url)).status).toBe(200);
  });

  it('count hot answers too', async () => {
    for (let time = 0; time < 4; time++) await world.ask(TCB);
    const { body } = await world.ask('/metrics');
    expect(body.toString()).toMatch(
      /http_request_duration_seconds_count\{[^}]*route="\/sgx\/certification\/v4\/tcb"[^}]*\} 4/,
    );
  });
});
