import { toHex } from '@touchstone/bytes';
import { checkHealth, SERVICE_NAME } from '@touchstone/enclave-rpc';
import { openWorld } from './world';
import type { World } from './world';

let world: World;
beforeAll(async () => {
  world = await openWorld();
}, 60_000);
afterAll(() => world.close());

describe('the machine', () => {
  it('is healthy, by gRPC and for its operator', async () => {
    const { host, ca, http } = world;
    expect(await checkHealth({ url: host.url, ca: ca.pem, service: SERVICE_NAME })).toBe('SERVING');
    const ready = await http.request({ method: 'GET', url: `${host.operatorUrl}/readyz` });
    expect(ready.status).toBe(200);
  });

  it('says who it is', async () => {
    const info = await world.client.getPlatformInfo({});
    expect(info).toMatchObject({ model: 'simulated-e3', pckCa: 'processor', pceId: 0 });
    expect(toHex(info.fmspc)).toBe('e3a067110000');
    expect(info.images.map(({ name, debugAllowed }) => [name, debugAllowed])).toEqual([
      ['trainer', true],
    ]);
  });
});
