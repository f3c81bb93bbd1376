import type { SigningKeyRecord, SigningKeyStore } from '@touchstone/ports';
import { jwtClaims, parseCompactJws, verifyToken } from '@touchstone/token';
import { randomBytes } from 'node:crypto';
import {
  DEVELOPMENT_CLIENT_ID,
  DEVELOPMENT_CLIENT_SECRET,
  DEVELOPMENT_TENANT,
  DEVELOPMENT_TENANT_ID,
} from './development';
import type { Tenant } from './directory';
import { createIdentityService, type TokenRequest } from './identity-service';
import { resourceOfScope } from './resources';

const AT = new Date('2026-01-01T00:00:00.900Z');
const clock = { now: () => AT };
const random = { bytes: (length: number) => new Uint8Array(randomBytes(length)) };

function aStore(): SigningKeyStore & { readonly records: SigningKeyRecord[] } {
  const records: SigningKeyRecord[] = [];
  return {
    records,
    list: async () => [...records].reverse(),
    add: async (record) => {
      if (records.some(({ id }) => id === record.id)) return 'exists';
      records.push(record);
      return 'inserted';
    },
    retire: async (id, at) => {
      const index = records.findIndex((record) => record.id === id);
      const record = records[index];
      if (record !== undefined) records[index] = { ...record, retiredAt: at };
    },
  };
}

const aService = (signingKeys = aStore(), tenants: readonly Tenant[] = [DEVELOPMENT_TENANT]) =>
  createIdentityService({ tenants, signingKeys, clock, random });

const request: TokenRequest = {
  tenant: DEVELOPMENT_TENANT_ID,
  authority: 'https://localhost:7001',
  grantType: 'client_credentials',
  clientId: DEVELOPMENT_CLIENT_ID,
  clientSecret: DEVELOPMENT_CLIENT_SECRET,
  clientAssertion: undefined,
  target: { scope: 'https://vault.azure.net/.default' },
};

describe('token', () => {
  it('is signed by a published key and valid from five minutes ago for an hour', async () => {
    const service = aService();
    const { accessToken, expiresIn, expiresOn } = await service.token(request);
    const { claims } = await verifyToken(accessToken, await service.keys(), {
      algorithms: ['RS256'],
      at: AT,
      audience: 'https://vault.azure.net',
      issuer: `https://sts.windows.net/${DEVELOPMENT_TENANT_ID}/`,
    });
    const seconds = Math.floor(AT.getTime() / 1_000);
    expect(claims).toMatchObject({ nbf: seconds - 300, exp: seconds + 3_600 });
    expect({ expiresIn, expiresOn }).toEqual({ expiresIn: 3_599, expiresOn: seconds + 3_600 });
  });

  it('differs each time', async () => {
    const service = aService();
    const ids = await Promise.all(
      [1, 2].map(
        async () => jwtClaims(parseCompactJws((await service.token(request)).accessToken))['uti'],
      ),
    );
    expect(ids[0]).not.toBe(ids[1]);
  });

  it('takes ids in any case', async () => {
    const upper = {
      ...request,
      tenant: request.tenant.toUpperCase(),
      clientId: DEVELOPMENT_CLIENT_ID.toUpperCase(),
    };
    await expect(aService().token(upper)).resolves.toBeDefined();
  });

  it.each<[string, Partial<TokenRequest>, string]>([
    ['a wrong secret', { clientSecret: 'no' }, 'IDENTITY_SECRET_WRONG'],
    ['an unknown tenant', { tenant: 'nobody' }, 'IDENTITY_TENANT_UNKNOWN'],
    ['a shared tenant', { tenant: 'Common' }, 'IDENTITY_TENANT_MISSING'],
    ['an unknown client', { clientId: 'nobody' }, 'IDENTITY_CLIENT_UNKNOWN'],
    [
      'an assertion beside the secret',
      { clientAssertion: 'a.b.c' },
      'IDENTITY_ASSERTION_UNMATCHED',
    ],
    ['an unknown resource', { target: { resource: 'https://x' } }, 'IDENTITY_RESOURCE_UNKNOWN'],
  ])('is refused for %s', async (_name, changes, code) => {
    await expect(aService().token({ ...request, ...changes })).rejects.toMatchObject({ code });
  });

  it('names no secret in a refusal', async () => {
    const refusal = aService().token({ ...request, clientSecret: 'a wrong secret' });
    await expect(refusal).rejects.toMatchObject({ field: DEVELOPMENT_CLIENT_ID });
    await expect(refusal).rejects.not.toThrow('a wrong secret');
  });
});

describe('the signing key', () => {
  it('is made once, also when it is asked for at once', async () => {
    const store = aStore();
    const [first, second] = [aService(store), aService(store)];
    const [a, b] = await Promise.all([first.keys(), second.keys()]);
    expect(store.records).toHaveLength(1);
    expect(a).toEqual(b);
  });

  it('stays published when it is retired', async () => {
    const store = aStore();
    const [old] = await aService(store).keys();
    const [record] = store.records;
    if (record === undefined) throw new TypeError('no key');
    const fresh = aStore();
    const [next] = await aService(fresh).keys();
    store.records.push({ ...(fresh.records[0] ?? record), id: 'identity/2' });
    await store.retire(record.id, AT);
    expect((await aService(store).keys()).map(({ kid }) => kid)).toEqual([next?.kid, old?.kid]);
  });

  it('that is retired signs no longer', async () => {
    const store = aStore();
    await aService(store).keys();
    await store.retire('identity/1', AT);
    await expect(aService(store).token(request)).rejects.toMatchObject({
      code: 'IDENTITY_KEY_UNAVAILABLE',
    });
  });

  it('that could not be read is asked for again', async () => {
    const store = aStore();
    let broken = true;
    const service = aService({
      ...store,
      list: async (purpose) => {
        if (broken) throw new Error('the disk is away');
        return store.list(purpose);
      },
    } as ReturnType<typeof aStore>);
    await expect(service.keys()).rejects.toThrow('the disk is away');
    broken = false;
    await expect(service.keys()).resolves.toHaveLength(1);
  });
});

describe('the directory', () => {
  const [application] = DEVELOPMENT_TENANT.applications;
  if (application === undefined) throw new TypeError('no application');

  it.each<[string, readonly Tenant[], string]>([
    ['no tenant', [], 'IDENTITY_NO_TENANT'],
    ['a tenant id that is no GUID', [{ id: 'x', applications: [] }], 'IDENTITY_DIRECTORY_INVALID'],
    ['a tenant twice', [DEVELOPMENT_TENANT, DEVELOPMENT_TENANT], 'IDENTITY_DIRECTORY_INVALID'],
    [
      'an application twice',
      [{ ...DEVELOPMENT_TENANT, applications: [application, application] }],
      'IDENTITY_DIRECTORY_INVALID',
    ],
    [
      'an empty secret',
      [{ ...DEVELOPMENT_TENANT, applications: [{ ...application, secrets: [''] }] }],
      'IDENTITY_DIRECTORY_INVALID',
    ],
  ])('refuses %s', (_name, tenants, code) => {
    let caught: unknown;
    try {
      aService(aStore(), tenants);
    } catch (error) {
      caught = error;
    }
    expect(caught).toMatchObject({ code });
  });
});

describe('resourceOfScope', () => {
  it.each([
    ['https://vault.azure.net/.default', 'https://vault.azure.net'],
    ['https://management.core.windows.net//.default', 'https://management.core.windows.net/'],
    ['https://a/.default/.default', 'https://a/.default'],
    [' https://a/.default ', 'https://a'],
  ])('takes exactly one suffix from %j', (scope, resource) => {
    expect(resourceOfScope(scope)).toBe(resource);
  });
});
