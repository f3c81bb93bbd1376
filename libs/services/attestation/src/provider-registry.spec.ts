import { seededRandom } from './__fixtures__/random';
import { listeningLogger, movingClock } from './__fixtures__/doubles';
import { aRecord, aSigner, memoryProviders } from './__fixtures__/policy-signers';
import { createProviderRegistry } from './provider-registry';
import type { ProviderKeys } from './signing-keys';

/** Keys that are there when `ready` says so. */
const keysWhen = (ready: () => Promise<unknown>): Pick<ProviderKeys, 'withSigner'> => ({
  withSigner: async (_region, _issuer, work) => {
    await ready();
    return work({ kid: '', alg: 'RS256', sign: (data) => data });
  },
});

function aRegistry(
  ready: () => Promise<unknown> = async () => undefined,
  store = memoryProviders(),
) {
  const registry = createProviderRegistry({
    store,
    keys: keysWhen(ready),
    clock: movingClock(new Date(0)),
    random: seededRandom(),
    logger: listeningLogger(),
  });
  return { registry, store };
}

describe('createProviderRegistry', () => {
  const request = { name: 'Contoso', location: 'East US 2', signers: [] };

  it('makes a provider that is not ready at first, and is then', async () => {
    const { registry } = aRegistry();
    expect(await registry.create(request)).toMatchObject({
      name: 'contoso',
      region: 'eastus2',
      trustModel: 'AAD',
      state: 'NotReady',
    });
    await registry.settled();
    expect(await registry.show('CONTOSO')).toMatchObject({ state: 'Ready' });
  });

  it('makes an isolated one where there are signers', async () => {
    const { certificate } = aSigner('owner');
    const { registry } = aRegistry();
    expect(await registry.create({ ...request, signers: [certificate] })).toMatchObject({
      trustModel: 'Isolated',
      signers: [certificate],
    });
  });

  it('makes ready later what failed or was interrupted', async () => {
    const failing = aRegistry(() => Promise.reject(new Error('no key')));
    await failing.registry.create(request);
    await failing.registry.settled();
    expect(await failing.registry.show('contoso')).toMatchObject({ state: 'NotReady' });
    const { registry } = aRegistry(undefined, failing.store);
    await registry.resume();
    await registry.settled();
    expect(await registry.show('contoso')).toMatchObject({ state: 'Ready' });
  });

  it('does not revive one that was deleted before it was ready', async () => {
    const { registry } = aRegistry();
    await registry.create(request);
    await registry.delete('contoso');
    await registry.settled();
    expect(await registry.list()).toEqual([]);
  });

  it('gives a name once', async () => {
    const { registry } = aRegistry(undefined, memoryProviders(aRecord()));
    await expect(registry.create(request)).rejects.toMatchObject({
      code: 'ATTESTATION_PROVIDER_EXISTS',
    });
  });

  it.each([
    ['a name too short', { name: 'ab' }],
    ['a name too long', { name: 'a'.repeat(25) }],
    ['a name with a dot', { name: 'a.b.c' }],
    ['a name of a shared provider', { name: 'sharedweu' }],
    ['a name of ours', { name: 'operator' }],
    ['a place that is none', { location: 'atlantis' }],
    ['a member of every object', { location: 'constructor' }],
    ['a signer that is none', { signers: [Uint8Array.of(1)] }],
  ])('refuses %s', async (_name, change) => {
    await expect(aRegistry().registry.create({ ...request, ...change })).rejects.toMatchObject({
      code: 'ATTESTATION_PROVIDER_INVALID',
    });
  });

  it('knows no others', async () => {
    await expect(aRegistry().registry.delete('fabrikam')).rejects.toMatchObject({
      code: 'ATTESTATION_UNKNOWN_PROVIDER',
    });
  });
});
