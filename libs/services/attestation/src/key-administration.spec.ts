import { memoryDocuments, listeningLogger, movingClock } from './__fixtures__/doubles';
import { memoryKeys } from './__fixtures__/key-store';
import { aRecord, memoryProviders } from './__fixtures__/policy-signers';
import { seededRandom } from './__fixtures__/random';
import { createKeyAdministration } from './key-administration';
import { createProviderKeys } from './signing-keys';

function anAdministration() {
  const keys = createProviderKeys({
    store: memoryKeys().store,
    documents: memoryDocuments(),
    clock: movingClock(new Date('2026-01-01T00:00:00Z')),
    random: seededRandom(),
  });
  const providers = memoryProviders({ ...aRecord(), name: 'contoso', region: 'westeurope' });
  const administration = createKeyAdministration({ keys, providers, logger: listeningLogger() });
  return { administration, keys };
}

const statesIn = (report: object | undefined): unknown =>
  report && 'keys' in report
    ? (report.keys as { state: string }[]).map(({ state }) => state)
    : undefined;

describe('the administration of keys', () => {
  it('rotates in every region that has providers, and says where it could not', async () => {
    const { administration, keys } = anAdministration();
    await keys.published('eastus2', 'https://sharedeus2.eus2.attest.azure.net');
    const reports = await administration.rotate({ announceSeconds: 0 });
    expect(reports.map(({ region }) => region)).toEqual([
      'eastus2',
      'centralus',
      'uksouth',
      'westeurope',
    ]);
    expect(statesIn(reports[0])).toEqual(['signing', 'retired']);
    expect(statesIn(reports[1])).toEqual(['signing']);
    expect(reports[2]).toMatchObject({ failure: { code: 'ATTESTATION_TEE_UNAVAILABLE' } });
  });

  it.each(['Contoso', 'sharedcus'])('rotates in the region of %s only', async (provider) => {
    const { administration } = anAdministration();
    await administration.rotate({ provider, announceSeconds: 60 });
    const reports = await administration.rotate({ provider, announceSeconds: 60 });
    expect(reports).toHaveLength(1);
    expect(statesIn(reports[0])).toEqual(['announced', 'signing']);
  });

  it('makes no key by looking', async () => {
    const reports = await anAdministration().administration.list();
    expect(reports.map(statesIn)).toEqual([[], [], [], []]);
  });

  it('knows no other providers', async () => {
    await expect(anAdministration().administration.list('fabrikam')).rejects.toMatchObject({
      code: 'ATTESTATION_UNKNOWN_PROVIDER',
    });
  });

  it.each([-1, 0.5, 86_401, Number.NaN])('announces nothing for %d seconds', async (seconds) => {
    const rotating = anAdministration().administration.rotate({ announceSeconds: seconds });
    await expect(rotating).rejects.toMatchObject({ code: 'ATTESTATION_ROTATION_INVALID' });
  });
});
