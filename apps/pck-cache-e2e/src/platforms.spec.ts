import { parsePckExtension } from '@touchstone/collateral';
import { createPccsClient } from '@touchstone/pcs-client';
import { createHttpClient } from '@touchstone/http-client';
import { parsePemChain } from '@touchstone/pki';
import { Intel, pckQuery, queryText, World, type MadeProcessor } from './world';

let intel: Intel;
let world: World;
let made: MadeProcessor;

beforeAll(async () => {
  intel = await Intel.open();
  world = await World.open(intel);
  made = await intel.make('simulated-e3');
});
afterAll(async () => {
  await world.close();
  await intel.close();
});
beforeEach(() => {
  world.asked.length = 0;
});

const PCKCERT = '/sgx/certification/v4/pckcert';
const ask = (query: Record<string, string>) => world.ask(`${PCKCERT}?${queryText(query)}`);
const pckAsked = () => world.asked.filter((url) => url.includes('/pckcerts')).length;

describe('GET pckcert', () => {
  it.each(['simulated-e3', 'simulated-e5', 'simulated-client'])(
    'serves a platform of model %s',
    async (model) => {
      const platform = await intel.make(model);
      const query = pckQuery(platform);
      const { status, headers, body } = await ask(query);
      expect(status).toBe(200);
      expect(headers).toMatchObject({
        'content-type': 'application/x-pem-file',
        'sgx-tcbm': `${platform.cpuSvn}0f00`.toUpperCase(),
        'sgx-fmspc': platform.fmspc,
        'sgx-pck-certificate-ca-type': model === 'simulated-e5' ? 'platform' : 'processor',
        'request-id': expect.stringMatching(/^[0-9a-f]{32}$/),
      });
      const chain = decodeURIComponent(headers['sgx-pck-certificate-issuer-chain'] ?? '');
      expect(parsePemChain(chain)).toHaveLength(2);
      const [leaf] = parsePemChain(body);
      if (!leaf) throw new Error('no certificate');
      expect(Buffer.from(parsePckExtension(leaf).ppid).toString('hex')).toBe(platform.ppid);
      const direct = await intel.ask(`${PCKCERT}?${queryText(query)}`);
      expect(body).toEqual(direct.body);
    },
  );

  it('serves it under v3 too', async () => {
    const query = queryText(pckQuery(made));
    expect((await world.ask(`/sgx/certification/v3/pckcert?${query}`)).status).toBe(200);
  });

  it('asks Intel once, though many ask and encrypt the PPID anew', async () => {
    const { qeid = '' } = pckQuery(made);
    const queries = Array.from({ length: 20 }, () => pckQuery(made, { qeid }));
    const answers = await Promise.all(queries.map(ask));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(pckAsked()).toBe(1);
  });

  it('needs no PPID for a platform that it knows', async () => {
    const query = pckQuery(made);
    await ask(query);
    const { encrypted_ppid: _, ...rest } = query;
    expect((await ask(rest)).status).toBe(200);
    expect((await ask({ ...rest, encrypted_ppid: '0'.repeat(768) })).status).toBe(200);
  });

  it('chooses by status for a TCB in between', async () => {
    const cpuSvn = Buffer.from(made.cpuSvn, 'hex');
    cpuSvn[6] = 5;
    const { headers } = await ask(pckQuery(made, { cpusvn: cpuSvn.toString('hex') }));
    cpuSvn[6] = 0;
    expect(headers['sgx-tcbm']).toBe(`${cpuSvn.toString('hex')}0f00`.toUpperCase());
  });

  it.each([
    ['no QE id', { qeid: '' }],
    ['a long QE id', { qeid: 'A'.repeat(261) }],
    ['a short CPUSVN', { cpusvn: '00' }],
    ['a PCESVN that is not hex', { pcesvn: 'xyzw' }],
    ['no PCEID', { pceid: '' }],
    ['a short PPID', { encrypted_ppid: '00' }],
  ])('refuses %s', async (_name, change) => {
    const { status, body } = await ask(pckQuery(made, change));
    expect({ status, text: body.toString() }).toEqual({
      status: 400,
      text: 'Invalid request parameters.',
    });
    expect(world.asked).toEqual([]);
  });

  it.each([
    ['a platform that hides its PPID', { encrypted_ppid: '0'.repeat(768) }],
    ['a platform that Intel does not know', { encrypted_ppid: 'AB'.repeat(384) }],
    ['a TCB below everything', { cpusvn: '0'.repeat(32) }],
    ['another PCE', { pceid: '0100' }],
  ])('has nothing for %s', async (_name, change) => {
    const { status, body } = await ask(pckQuery(made, change));
    expect({ status, text: body.toString() }).toEqual({
      status: 404,
      text: 'No cache data for this platform.',
    });
  });
});

describe('our own client', () => {
  it('gets everything that a verifier needs', async () => {
    const http = createHttpClient({ ca: intel.ca.pem });
    const pccs = createPccsClient({ baseUrl: world.url, http });
    const collateral = await pccs.collateral({ fmspc: made.fmspc, ca: 'processor' });
    expect(parsePemChain(collateral.tcbInfoIssuerChain)).toHaveLength(2);
    expect(collateral.rootCaCrl.length).toBeGreaterThan(0);
    const { certificate } = await pccs.pckCertificate({
      qeId: new Uint8Array(16).fill(0xee),
      encryptedPpid: new Uint8Array(Buffer.from(pckQuery(made)['encrypted_ppid'] ?? '', 'hex')),
      cpuSvn: new Uint8Array(Buffer.from(made.cpuSvn, 'hex')),
      pceSvn: made.pceSvn,
      pceId: 0,
    });
    expect(parsePemChain(certificate)).toHaveLength(1);
    await http.close();
  });
});
