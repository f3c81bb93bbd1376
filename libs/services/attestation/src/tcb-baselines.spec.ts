import { activatePolicy } from '@touchstone/appraisal';
import { DEFAULT_PROVIDERS } from './providers';
import { createTcbBaselines } from './tcb-baselines';

const [provider] = DEFAULT_PROVIDERS;
if (!provider) throw new Error('there are shared providers');

const listUnder = (configuration: string) =>
  createTcbBaselines({
    active: async () => ({
      ...activatePolicy(`version=1.1; ${configuration} authorizationrules{=> permit();};`),
      tokenHash: '',
    }),
  })(provider, 'SgxEnclave');
const choosing = (identifier: string) =>
  `configurationrules{=> issueproperty(type="x-ms-sgx-tcbidentifier", value="${identifier}");};`;

describe('createTcbBaselines', () => {
  it('lists the default one and those that are published', async () => {
    const baselines = await listUnder('');
    expect(baselines.map(({ tcbIdentifier }) => tcbIdentifier)).toEqual([
      'azuredefault',
      '10',
      '11',
      '12',
      '13',
      '14',
      '15',
    ]);
    expect(baselines[0]).toEqual({
      tcbIdentifier: 'azuredefault',
      tcbEvaluationDataNumber: 10,
      tcbReleaseDate: new Date('2020-11-11T00:00:00Z'),
      minimumPswLinuxVersion: '2.9',
      minimumPswWindowsVersion: '2.7.101.2',
      isSelectedTcb: true,
    });
  });

  it.each([
    ['', ['azuredefault']],
    [choosing('azuredefault'), ['azuredefault']],
    [choosing('12'), ['12']],
    [choosing('17'), []],
  ])('shows which one %j selects', async (configuration, selected) => {
    const baselines = await listUnder(configuration);
    expect(
      baselines.flatMap(({ isSelectedTcb, tcbIdentifier }) =>
        isSelectedTcb ? [tcbIdentifier] : [],
      ),
    ).toEqual(selected);
  });
});
