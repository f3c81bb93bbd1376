import { parseEnclaveIdentity, parseTcbInfo } from '@touchstone/collateral';
import { parseCrl, parsePemChain } from '@touchstone/pki';
import { Intel, World } from './world';

let intel: Intel;
let world: World;

beforeAll(async () => {
  intel = await Intel.open();
  world = await World.open(intel);
});
afterAll(async () => {
  await world.close();
  await intel.close();
});
beforeEach(() => {
  world.asked.length = 0;
});

const FMSPC = 'E3A067110000';
const V4 = '/sgx/certification/v4';
const chainOf = (value: string | undefined) =>
  parsePemChain(decodeURIComponent(value ?? '')).map(({ subject }) => subject.commonName);

describe('a document', () => {
  it.each([
    [`${V4}/tcb?fmspc=${FMSPC}`, 'tcb-info-issuer-chain'],
    [`${V4}/tcb?fmspc=${FMSPC}&update=early`, 'tcb-info-issuer-chain'],
    [`/sgx/certification/v3/tcb?fmspc=${FMSPC}`, 'sgx-tcb-info-issuer-chain'],
    [`${V4}/qe/identity`, 'sgx-enclave-identity-issuer-chain'],
    [`${V4}/qe/identity?update=early`, 'sgx-enclave-identity-issuer-chain'],
    ['/sgx/certification/v3/qe/identity', 'sgx-enclave-identity-issuer-chain'],
    [`${V4}/qve/identity`, 'sgx-enclave-identity-issuer-chain'],
    ['/tdx/certification/v4/qe/identity', 'sgx-enclave-identity-issuer-chain'],
    [`${V4}/pckcrl?ca=processor&encoding=der`, 'sgx-pck-crl-issuer-chain'],
    [`${V4}/pckcrl?ca=platform&encoding=der`, 'sgx-pck-crl-issuer-chain'],
  ])('is what Intel sent, byte for byte: %s', async (url, chainHeader) => {
    const theirs = await intel.ask(url);
    // Cold, from memory, and from the answers that are kept ready.
    for (let time = 0; time < 3; time++) {
      const ours = await world.ask(url);
      expect(ours.status).toBe(200);
      expect(ours.body).toEqual(theirs.body);
      expect(ours.headers['content-type']).toBe(theirs.headers['content-type']);
      expect(ours.headers['content-length']).toBe(String(theirs.body.length));
      expect(ours.headers[chainHeader]).toBe(theirs.headers[chainHeader]);
      expect(ours.headers['request-id']).toMatch(/^[0-9a-f]{32}$/);
    }
    expect(world.asked).toHaveLength(1);
  });

  it('has a request id of its own each time', async () => {
    const ids = new Set<string | undefined>();
    for (let time = 0; time < 4; time++) {
      ids.add((await world.ask(`${V4}/qe/identity`)).headers['request-id']);
    }
    expect(ids.size).toBe(4);
  });

  it('is fetched once, however many ask at the same time', async () => {
    const url = `${V4}/tcb?fmspc=E5606A000000`;
    const answers = await Promise.all(Array.from({ length: 30 }, () => world.ask(url)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(world.asked).toHaveLength(1);
  });

  it('has headers without a body for HEAD', async () => {
    const { status, headers, body } = await world.ask(`${V4}/qe/identity`, { method: 'HEAD' });
    expect({ status, body: body.length }).toEqual({ status: 200, body: 0 });
    expect(Number(headers['content-length'])).toBeGreaterThan(0);
  });
});

describe('CRLs', () => {
  it('are hex text unless DER is asked for, as Intel’s cache has it', async () => {
    const der = await world.ask(`${V4}/pckcrl?ca=processor&encoding=der`);
    const hex = await world.ask(`${V4}/pckcrl?ca=processor`);
    expect(hex.headers['content-type']).toBe('application/x-pem-file');
    expect(hex.body.toString()).toBe(der.body.toString('hex'));
    expect(chainOf(hex.headers['sgx-pck-crl-issuer-chain'])).toEqual([
      'Intel SGX PCK Processor CA',
      'Intel SGX Root CA',
    ]);
  });

  it('of the root are hex text under rootcacrl', async () => {
    const { status, headers, body } = await world.ask(`${V4}/rootcacrl`);
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('application/pkix-crl');
    expect(parseCrl(Buffer.from(body.toString(), 'hex')).issuer.commonName).toBe(
      'Intel SGX Root CA',
    );
  });

  it.each([
    'https://certificates.trustedservices.intel.com/IntelSGXRootCA.der',
    'https://api.trustedservices.intel.com/sgx/certification/v4/pckcrl?ca=platform&encoding=der',
  ])('are fetched by distribution point: %s', async (uri) => {
    const { status, headers, body } = await world.ask(`${V4}/crl?uri=${encodeURIComponent(uri)}`);
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('application/pkix-crl');
    expect(parseCrl(body).revoked.size).toBe(0);
  });
});

describe('a request that no answer fits', () => {
  const INVALID = 'Invalid request parameters.';
  it.each([
    ['no FMSPC', `${V4}/tcb`],
    ['a short FMSPC', `${V4}/tcb?fmspc=00`],
    ['an FMSPC that is not hex', `${V4}/tcb?fmspc=E3A06711000G`],
    ['an unknown update', `${V4}/tcb?fmspc=${FMSPC}&update=all`],
    ['an unknown update of an identity', `${V4}/qe/identity?update=late`],
    ['no CA', `${V4}/pckcrl`],
    ['an unknown CA', `${V4}/pckcrl?ca=root`],
    ['no CRL address', `${V4}/crl`],
    ['a CRL elsewhere', `${V4}/crl?uri=https%3A%2F%2Fexample.com%2Fa.crl`],
    [
      'a CRL on another port',
      `${V4}/crl?uri=https%3A%2F%2Fapi.trustedservices.intel.com%3A8443%2Fa.crl`,
    ],
    [
      'a CRL with credentials',
      `${V4}/crl?uri=https%3A%2F%2Fa%40api.trustedservices.intel.com%2Fa.crl`,
    ],
    ['a CRL without TLS', `${V4}/crl?uri=http%3A%2F%2Fapi.trustedservices.intel.com%2Fa.crl`],
    ['a CRL that is no address', `${V4}/crl?uri=root.crl`],
    [
      'an endless CRL address',
      `${V4}/crl?uri=https://api.trustedservices.intel.com/${'a'.repeat(2048)}`,
    ],
  ])('is refused with %s', async (_name, url) => {
    const { status, headers, body } = await world.ask(url);
    expect({ status, text: body.toString() }).toEqual({ status: 400, text: INVALID });
    expect(headers['content-type']).toMatch(/^text\/plain/);
    expect(headers['request-id']).toMatch(/^[0-9a-f]{32}$/);
    expect(world.asked).toEqual([]);
  });

  it('counts the last of repeated parameters', async () => {
    const { status } = await world.ask(`${V4}/tcb?fmspc=00&fmspc=${FMSPC}`);
    expect(status).toBe(200);
  });

  it.each([
    ['an unknown version', `/sgx/certification/v5/tcb?fmspc=${FMSPC}`],
    ['TDX under v3', `/tdx/certification/v3/tcb?fmspc=${FMSPC}`],
    ['an unknown path', '/nothing'],
  ])('has no route: %s', async (_name, url) => {
    expect((await world.ask(url)).status).toBe(404);
  });

  it('has no other method', async () => {
    const { status } = await world.ask(`${V4}/tcb?fmspc=${FMSPC}`, { method: 'DELETE' });
    expect(status).toBe(404);
  });

  it.each([
    ['an FMSPC that Intel does not know', `${V4}/tcb?fmspc=00906ED50000`],
    ['a TDX platform that Intel does not know', `/tdx/certification/v4/tcb?fmspc=${FMSPC}`],
  ])('is answered honestly for %s', async (_name, url) => {
    const { status, body } = await world.ask(url);
    expect({ status, text: body.toString() }).toEqual({
      status: 404,
      text: 'No cache data for this platform.',
    });
  });
});

describe('what is cached', () => {
  it('is read by whoever verifies', async () => {
    const { body } = await world.ask(`${V4}/tcb?fmspc=${FMSPC.toLowerCase()}`);
    expect(parseTcbInfo(body).fmspc).toBe(FMSPC.toLowerCase());
    const identity = await world.ask(`${V4}/qe/identity`);
    expect(parseEnclaveIdentity(identity.body).id).toBe('QE');
  });
});
