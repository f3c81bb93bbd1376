import type { IsvSvnLevel, TcbLevel } from '@touchstone/collateral';
import { TCB_STATUSES } from '@touchstone/collateral';
import { judge, refusedFor } from './__fixtures__/verdict';
import type { WorldOptions } from './__fixtures__/world';
import { AT, PLATFORM } from './__fixtures__/world';
import { allAdvisories, componentStatus, converge } from './index';

const EARLIER = new Date(AT.getTime() - 20 * 24 * 3600 * 1000);

const tcbLevel = (tcbStatus: TcbLevel['tcbStatus'], more: Partial<TcbLevel> = {}): TcbLevel => ({
  sgxComponents: PLATFORM.components,
  pceSvn: PLATFORM.pceSvn,
  tcbDate: AT,
  tcbStatus,
  advisoryIds: ['SA-1', 'SA-2'],
  ...more,
});

const qeLevel = (isvSvn: number, tcbStatus: IsvSvnLevel['tcbStatus']): IsvSvnLevel => ({
  isvSvn,
  tcbDate: AT,
  tcbStatus,
  advisoryIds: ['SA-2', 'SA-3'],
});

const world = (platform: TcbLevel['tcbStatus'], qe: TcbLevel['tcbStatus']): WorldOptions => ({
  tcbInfo: { tcbLevels: [tcbLevel(platform)] },
  identity: { tcbLevels: [qeLevel(8, qe)] },
});

describe('the TCB of an SGX quote', () => {
  const combinations = TCB_STATUSES.flatMap((platform) =>
    TCB_STATUSES.map((qe) => [platform, qe] as const),
  );

  it.each(combinations)('platform %s with quoting enclave %s', (platform, qe) => {
    const expected = converge(platform, componentStatus(qe));
    if (expected === 'Revoked') {
      expect(refusedFor(world(platform, qe))).toEqual(['TCB_REVOKED', 'tcb-status']);
      return;
    }
    const verified = judge(world(platform, qe));
    expect(verified.tcb).toMatchObject({ status: expected, levelStatus: platform });
    expect(verified.qe.status).toBe(qe);
  });

  it('is that of the PCK certificate, whatever CPUSVN the quote shows', () => {
    const components = [4, ...PLATFORM.components.slice(1)];
    const tcbLevels = [tcbLevel('UpToDate'), tcbLevel('OutOfDate', { sgxComponents: components })];
    const pckTcb = { components, cpuSvn: Uint8Array.from(components) };
    expect(judge({ tcbInfo: { tcbLevels }, pckTcb }).tcb.status).toBe('OutOfDate');
  });

  it('is not supported when no level is reached', () => {
    const tcbLevels = [tcbLevel('OutOfDate', { pceSvn: 14 })];
    expect(refusedFor({ tcbInfo: { tcbLevels } })).toEqual(['TCB_NOT_SUPPORTED', 'tcb-level']);
  });

  it('finds the highest level in a document that has them in another order', () => {
    const tcbLevels = [tcbLevel('OutOfDate', { pceSvn: 5 }), tcbLevel('SWHardeningNeeded')];
    expect(judge({ tcbInfo: { tcbLevels } }).tcb.status).toBe('SWHardeningNeeded');
  });

  it('takes the quoting enclave’s first level in document order', () => {
    const tcbLevels = [qeLevel(9, 'UpToDate'), qeLevel(6, 'OutOfDate'), qeLevel(8, 'UpToDate')];
    expect(judge({ identity: { tcbLevels } }).qe.status).toBe('OutOfDate');
  });

  it('names the advisories of both, each once', () => {
    const verified = judge(world('SWHardeningNeeded', 'OutOfDate'));
    expect(verified.tcb.advisoryIds).toEqual(['SA-1', 'SA-2']);
    expect(allAdvisories(verified)).toEqual(['SA-1', 'SA-2', 'SA-3']);
  });

  it('carries the lower of the two evaluation numbers', () => {
    const verified = judge({ tcbInfo: { tcbEvaluationDataNumber: 18 } });
    expect(verified.tcb.evaluationDataNumber).toBe(18);
    expect(verified.qe.evaluationDataNumber).toBe(17);
    expect(verified.collateral.evaluationDataNumber).toBe(17);
  });

  it.each([
    ['TCB info', { tcbInfo: { issueDate: EARLIER } }],
    ['the identity', { identity: { issueDate: EARLIER } }],
  ])('carries the issue date of %s, when that is the older one', (_name, options) => {
    expect(judge(options).collateral.oldestDocument).toEqual(EARLIER);
  });
});
