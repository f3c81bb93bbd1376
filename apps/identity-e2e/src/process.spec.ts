import { DEVELOPMENT_CLIENT_SECRET } from '@touchstone/service-identity';
import { environment, postForm, V2, V2_GRANT } from './__fixtures__/grants';
import { ask, startIdentityProcess, type IdentityProcess } from './__fixtures__/identity-process';

let identity: IdentityProcess;
beforeAll(async () => {
  identity = await startIdentityProcess(environment);
}, 30_000);
afterAll(() => identity.remove());

describe('the process', () => {
  it('answers its probes', async () => {
    expect(await ask(identity, '/healthz')).toMatchObject({ status: 200 });
    expect(await ask(identity, '/readyz')).toMatchObject({ status: 200 });
    expect((await ask(identity, '/metrics')).text).toContain('service="identity"');
  });

  it('ends with 0 when it is told to, and has kept secrets out of its log', async () => {
    await postForm(identity, V2, V2_GRANT);
    expect(await identity.stop()).toBe(0);
    const log = identity.lines.join('\n');
    expect(log).toContain('"msg":"request"');
    expect(log).not.toContain(DEVELOPMENT_CLIENT_SECRET);
    expect(log).not.toContain('eyJ');
  });

  it('refuses the development tenant where others could use it', async () => {
    const exposed = { TOUCHSTONE_HOST: '0.0.0.0' };
    identity = await identity.restart(exposed);
    expect(await postForm(identity, V2, V2_GRANT)).toMatchObject({
      status: 400,
      json: { error_codes: [90002] },
    });
    identity = await identity.restart({
      ...exposed,
      TOUCHSTONE_ALLOW_DEVELOPMENT_CREDENTIALS: '1',
    });
    expect(await postForm(identity, V2, V2_GRANT)).toMatchObject({ status: 200 });
    const withoutTenants = identity.restart({
      IDENTITY_TENANTS: '',
      TOUCHSTONE_ALLOW_DEVELOPMENT_CREDENTIALS: '0',
    });
    await expect(withoutTenants).rejects.toThrow('IDENTITY_NO_TENANT');
  }, 30_000);

  it('says all that is wrong with its configuration', async () => {
    const wrong = { IDENTITY_PORT: 'x', IDENTITY_TENANTS: '[{}]', TOUCHSTONE_LOG_LEVEL: 'loud' };
    await expect(identity.restart(wrong)).rejects.toThrow(/IDENTITY_PORT.*IDENTITY_TENANTS/s);
  }, 30_000);
});
