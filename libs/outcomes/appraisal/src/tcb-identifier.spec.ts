import { CheckLog } from '@touchstone/decision';
import { hasCode } from '@touchstone/errors';
import type { TcbStatus } from '@touchstone/verification';
import { aVerifiedQuote } from './__fixtures__/verified';
import { BASELINES, assertBaseline, type Baseline } from './baseline';
import { chooseBaseline } from './tcb-identifier';

const PROPERTY = 'x-ms-sgx-tcbidentifier';
const choose = (
  identifier: string | number | undefined,
  evaluation = 17,
  newest = evaluation,
): Baseline => {
  const configuration = identifier === undefined ? {} : { [PROPERTY]: identifier };
  return chooseBaseline(
    configuration,
    BASELINES.azuredefault,
    { judgedBy: evaluation, newest },
    new CheckLog(),
  );
};

function codeOf(work: () => unknown): string | undefined {
  try {
    work();
  } catch (error) {
    return hasCode(error) ? error.code : String(error);
  }
  return undefined;
}

describe('chooseBaseline', () => {
  it.each([undefined, 'azuredefault'])('is the service’s own for %j', (identifier) => {
    expect(choose(identifier)).toBe(BASELINES.azuredefault);
  });

  it.each([
    ['12', 17, '2021-11-10T00:00:00.000Z'],
    ['17', 17, undefined],
    ['16', 17, undefined],
    ['15', 11, undefined],
  ])('for %j and TCB info of %i takes levels since %s', (identifier, evaluation, since) => {
    const { minimumTcbDate, name } = choose(identifier, evaluation);
    expect({ name, since: minimumTcbDate?.toISOString() }).toEqual({ name: identifier, since });
  });

  it('knows evaluations beyond that of the TCB info, when others have reached them', () => {
    expect(choose('19', 17, 20).name).toBe('19');
    expect(codeOf(() => choose('21', 17, 20))).toBe('APPRAISAL_BASELINE_UNKNOWN');
  });

  it.each(['18', 'azure', '', '012', '-1', '1e1', '12 ', 'AzureDefault'])(
    'refuses %j, which names nothing',
    (identifier) => {
      expect(codeOf(() => choose(identifier))).toBe('APPRAISAL_BASELINE_UNKNOWN');
    },
  );
});

describe('a baseline that a policy chose', () => {
  const judged = (identifier: string, status: TcbStatus, day: string) => {
    const tcb = { status, date: new Date(`${day}T00:00:00Z`) };
    const verified = aVerifiedQuote({}, { tcb });
    return codeOf(() => assertBaseline(verified, choose(identifier), new CheckLog()));
  };

  it.each<[string, TcbStatus, string, string | undefined]>([
    ['17', 'UpToDate', '2024-03-13', undefined],
    ['17', 'SWHardeningNeeded', '2024-03-13', undefined],
    ['17', 'OutOfDate', '2024-03-12', 'APPRAISAL_BASELINE'],
    ['16', 'OutOfDate', '2024-03-12', 'APPRAISAL_BASELINE'],
    ['12', 'OutOfDate', '2021-11-10', undefined],
    ['12', 'OutOfDateConfigurationNeeded', '2021-11-10', undefined],
    ['12', 'OutOfDate', '2021-11-09', 'APPRAISAL_BASELINE'],
    ['12', 'Revoked', '2021-11-10', 'APPRAISAL_BASELINE'],
  ])('%s, of a platform that is %s since %s', (identifier, status, day, code) => {
    expect(judged(identifier, status, day)).toBe(code);
  });
});
