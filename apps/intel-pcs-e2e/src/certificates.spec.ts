import { parsePckExtension } from '@touchstone/collateral';
import { ecSignerFromScalar, parsePemChain, verifyCertificateSignature } from '@touchstone/pki';
import { pceIdentity, pckScalar } from '@touchstone/platform';
import { pckQuery, pemOfHeader, World, type MadeProcessor } from './world';

let world: World;
let e3: MadeProcessor;
let e5: MadeProcessor;

beforeAll(async () => {
  world = await World.open({ subscriptionKeys: ['0123abcd'] });
  e3 = await world.make('simulated-e3');
  e5 = await world.make('simulated-e5');
});
afterAll(() => world.close());

const PCKCERT = '/sgx/certification/v4/pckcert';
const ask = (query: string) => world.ask(`${PCKCERT}?${query}`);

describe('GET pckcert', () => {
  it.each([
    ['e3', 'processor'],
    ['e5', 'platform'],
  ])('certifies the key that the platform of model %s derives', async (model, ca) => {
    const made = model === 'e3' ? e3 : e5;
    const { status, headers, body } = await ask(pckQuery(made));
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'application/x-pem-file',
      'sgx-fmspc': made.fmspc,
      'sgx-pck-certificate-ca-type': ca,
      'sgx-tcbm': `${made.cpuSvn}0f00`.toUpperCase(),
      'request-id': expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    const [leaf] = parsePemChain(body);
    const chain = parsePemChain(pemOfHeader(headers['sgx-pck-certificate-issuer-chain']));
    const [intermediate, root] = chain;
    if (!leaf || !intermediate || !root) throw new Error('certificates are missing');
    expect(verifyCertificateSignature(leaf, intermediate)).toBe(true);
    expect(verifyCertificateSignature(intermediate, root)).toBe(true);
    expect(Buffer.from(parsePckExtension(leaf).ppid).toString('hex')).toBe(made.ppid);
    const scalar = pckScalar(
      new Uint8Array(Buffer.from(made.rootProvisioningKey, 'hex')),
      pceIdentity(new Uint8Array(Buffer.from(made.vendorMrSigner, 'hex'))),
      new Uint8Array(Buffer.from(made.cpuSvn, 'hex')),
      made.pceSvn,
    );
    expect(leaf.publicKeyBytes).toEqual(ecSignerFromScalar(scalar).publicKeyBytes);
  });

  it('is the same certificate each time, though the PPID is encrypted anew', async () => {
    const [one, other] = [await ask(pckQuery(e3)), await ask(pckQuery(e3))];
    expect(one.body).toEqual(other.body);
  });

  it('goes down to the highest certified level', async () => {
    const { headers } = await ask(pckQuery(e5, { pcesvn: '0E00' }));
    expect(headers['sgx-tcbm']).toMatch(/0D00$/);
  });

  it.each([
    ['no PPID', { encrypted_ppid: '' }, 400],
    ['a short CPUSVN', { cpusvn: '00' }, 400],
    ['a CPUSVN that is not hex', { cpusvn: 'zz'.repeat(16) }, 400],
    ['a long PCESVN', { pcesvn: '0F0000' }, 400],
    ['no PCEID', { pceid: '' }, 400],
    ['an unknown PCEID', { pceid: '0100' }, 404],
    ['a PPID that does not decrypt', { encrypted_ppid: 'AB'.repeat(384) }, 404],
    ['a TCB below all levels', { cpusvn: '00'.repeat(16) }, 404],
  ])('refuses %s', async (_name, change, expected) => {
    const { status, headers } = await ask(pckQuery(e3, change));
    expect(status).toBe(expected);
    expect(headers['request-id']).toMatch(/^[0-9a-f]{32}$/);
  });

  it('refuses a platform that was never made', async () => {
    const query = pckQuery({ ...e3, ppid: '00'.repeat(16) });
    expect((await ask(query)).status).toBe(404);
  });

  it('knows one kind of PPID encryption', async () => {
    const answer = (headers: Record<string, string>) =>
      world.ask(`${PCKCERT}?${pckQuery(e3)}`, { headers });
    expect((await answer({ 'PPID-Encryption-Key': 'RSA-3072' })).status).toBe(200);
    expect((await answer({ 'PPID-Encryption-Key': 'RSA-2048' })).status).toBe(400);
  });

  it('wants a subscription key under v3 only', async () => {
    const url = `/sgx/certification/v3/pckcert?${pckQuery(e3)}`;
    const key = (value: string) => ({ headers: { 'Ocp-Apim-Subscription-Key': value } });
    expect((await world.ask(url)).status).toBe(401);
    expect((await world.ask(url, key('wrong'))).status).toBe(401);
    expect((await world.ask(url, key('0123abcd'))).status).toBe(200);
  });
});

describe('GET pckcerts', () => {
  it('lists a certificate for every level', async () => {
    const { status, headers, body } = await world.ask(
      `/sgx/certification/v4/pckcerts?${pckQuery(e3)}`,
    );
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('application/json');
    const list = JSON.parse(body.toString()) as {
      tcb: Record<string, number>;
      tcbm: string;
      cert: string;
    }[];
    expect(list).toHaveLength(8);
    for (const { tcb, tcbm, cert } of list) {
      const [leaf] = parsePemChain(decodeURIComponent(cert));
      if (!leaf) throw new Error('no certificate');
      const { components, pceSvn } = parsePckExtension(leaf).tcb;
      expect(Object.values(tcb)).toEqual([...components, pceSvn]);
      expect(tcbm.slice(0, 32)).toBe(Buffer.from(components).toString('hex').toUpperCase());
      expect(cert).not.toMatch(/[\n +/=]/);
    }
  });

  it('lists those of a CPUSVN', async () => {
    const low = { cpusvn: '0a0a0202ff01'.padEnd(32, '0') };
    const { body } = await world.ask(`/sgx/certification/v4/pckcerts/config?${pckQuery(e3, low)}`);
    expect(JSON.parse(body.toString())).toHaveLength(1);
  });

  it.each([
    ['pckcerts', { pceid: '01' }, 400],
    ['pckcerts', { pceid: '0100' }, 404],
    ['pckcerts/config', { cpusvn: '00' }, 400],
    ['pckcerts/config', { cpusvn: '00'.repeat(16) }, 404],
  ])('refuses %s with %j', async (path, change, expected) => {
    const { status } = await world.ask(`/sgx/certification/v4/${path}?${pckQuery(e3, change)}`);
    expect(status).toBe(expected);
  });
});

describe('POST with a platform manifest', () => {
  const post = (body: string, type = 'application/json') =>
    world.ask(PCKCERT, { method: 'POST', headers: { 'content-type': type }, body });
  const manifest = 'ab'.repeat(8431);

  it.each([
    [
      'a manifest that nobody registered',
      JSON.stringify({ platformManifest: manifest, pceid: '0000' }),
      404,
    ],
    ['no manifest', '{"pceid":"0000"}', 400],
    ['a short manifest', '{"platformManifest":"ab","pceid":"0000"}', 400],
    ['no PCEID', JSON.stringify({ platformManifest: manifest }), 400],
    ['a list', '[]', 400],
    ['null', 'null', 400],
    ['no JSON', '{', 400],
    ['an oversized body', `"${'a'.repeat(200_000)}"`, 413],
  ])('refuses %s', async (_name, body, expected) => {
    expect((await post(body)).status).toBe(expected);
  });

  it('refuses another media type', async () => {
    expect((await post('{}', 'text/plain')).status).toBe(415);
  });
});
