import { renderCatalogue, renderWorld, worldReport } from './render-world';
import type { SimulationState } from './simulation';

const PPID = '0a'.repeat(16);

const sound: SimulationState = {
  state: { faults: [], revokedPlatforms: [], addedRecoveries: [] },
  availability: 'up',
  platforms: [{ ppid: PPID, model: 'simulated-e3' }],
  faults: { 'pck-crl-expired': 'the CRL is old', 'tcb-revoked': 'every level is Revoked' },
};
const troubled: SimulationState = {
  ...sound,
  availability: 'throttled',
  state: {
    faults: ['tcb-revoked'],
    revokedPlatforms: [{ ppid: PPID, at: '2026-01-01T00:00:00Z' }],
    addedRecoveries: [
      { evaluationDataNumber: 21, advisoryIds: ['INTEL-SA-1'] },
      { evaluationDataNumber: 22, advisoryIds: [], enforcedFrom: '2026-01-01T00:00:00Z' },
    ],
  },
};

describe('renderWorld', () => {
  it('says that nothing is wrong', () => {
    expect(renderWorld(worldReport(sound, []), sound.faults)).toBe(
      ['services    up', 'faults      none', `platform    ${PPID} simulated-e3`, ''].join('\n'),
    );
  });

  it('says what is wrong, and who has noticed', () => {
    const report = worldReport(troubled, [
      { party: 'pck-cache', what: 'collateral', renewed: false, detail: '502' },
      { party: 'enclave-host', what: 'PCK certificate', renewed: true },
    ]);
    expect(renderWorld(report, troubled.faults)).toBe(
      [
        'services    throttled',
        'fault       tcb-revoked: every level is Revoked',
        'recovery    evaluation 21, early channel only, INTEL-SA-1',
        'recovery    evaluation 22, early and standard channel',
        `platform    ${PPID} simulated-e3, revoked`,
        'kept        pck-cache: collateral (502)',
        'renewed     enclave-host: PCK certificate',
        '',
      ].join('\n'),
    );
  });
});

describe('renderCatalogue', () => {
  it('lists every fault, with a mark at those that are set', () => {
    expect(renderCatalogue(troubled)).toBe(
      ['  pck-crl-expired  the CRL is old', '✗ tcb-revoked      every level is Revoked', ''].join(
        '\n',
      ),
    );
  });
});
