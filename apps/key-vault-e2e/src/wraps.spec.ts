import { openBench } from './bench';
import type { Bench } from './bench';
import { anEnvironment, encodedPolicy, openReleased, unwrapReleased } from './released';

let bench: Bench;
const k = Buffer.alloc(32, 7).toString('base64url');
beforeAll(async () => {
  bench = await openBench();
  const release_policy = { data: encodedPolicy(bench.authority.url) };
  const body = { key: { kty: 'oct-HSM', k }, attributes: { exportable: true }, release_policy };
  expect(await bench.ask({ method: 'PUT', path: '/keys/wrapped', body })).toMatchObject({
    status: 200,
  });
});
afterAll(() => bench.close());

const ENCS = ['CKM_RSA_AES_KEY_WRAP', 'RSA_AES_KEY_WRAP_256', 'RSA_AES_KEY_WRAP_384'];
const SIZES = [2048, 3072, 4096];

describe.each(ENCS)('%s', (enc) => {
  it.each(SIZES)('wraps to a key of %i bits', async (bits) => {
    const environment = anEnvironment(bits);
    const { value } = await bench
      .client()
      .releaseKey('wrapped', bench.authority.token(environment.claims), { algorithm: enc });
    const released = openReleased(value);
    expect(released.request['enc']).toBe(enc);
    expect(Buffer.from(unwrapReleased(released, environment)).toString('base64url')).toBe(k);
  });
});
