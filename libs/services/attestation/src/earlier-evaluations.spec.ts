import { KEY, aCollateral } from './__fixtures__/collateral';
import { listeningLogger, memoryDocuments } from './__fixtures__/doubles';
import { createCollateralArchive } from './collateral-archive';
import { createSnapshot } from './collateral-snapshot';
import { MAX_EVALUATIONS, createEarlierEvaluations } from './earlier-evaluations';

const FETCHED = new Date('2026-01-02T00:00:00Z');
const aSnapshot = (evaluation: number, crlNumber = 1n) =>
  createSnapshot(KEY, aCollateral({ evaluation, crlNumber }), FETCHED);

async function given(...evaluations: readonly number[]) {
  const documents = memoryDocuments();
  const logger = listeningLogger();
  const earlier = createEarlierEvaluations(documents, logger);
  for (const evaluation of evaluations) earlier.learn(aSnapshot(evaluation));
  await earlier.flush();
  return { documents, logger, earlier };
}

const numberOf = (snapshot: ReturnType<typeof aSnapshot> | undefined) =>
  snapshot?.documents.tcbInfo.tcbEvaluationDataNumber;

describe('createEarlierEvaluations', () => {
  it.each([
    [20, 20],
    [25, 20],
    [19, 18],
    [17, 17],
    [16, undefined],
  ])('up to %i: the newest that is known is %j', async (asked, found) => {
    const { earlier } = await given(17, 18, 20);
    expect(numberOf(await earlier.upTo(aSnapshot(20), asked))).toBe(found);
  });

  it('judges by revocations of today', async () => {
    const { earlier } = await given(17, 18);
    const today = aSnapshot(20, 9n);
    const made = await earlier.upTo(today, 18);
    expect(made?.documents.pckCrl.crlNumber).toBe(9n);
    expect(made?.documents.qeIdentity.tcbEvaluationDataNumber).toBe(18);
    expect(await earlier.upTo(today, 18)).toBe(made);
  });

  it('outlives the service, and goes with everything that an operator lets go of', async () => {
    const { documents, logger } = await given(17);
    const restarted = createEarlierEvaluations(documents, logger);
    expect(numberOf(await restarted.upTo(aSnapshot(20), 17))).toBe(17);
    const archive = createCollateralArchive(documents, logger);
    expect(await archive.load()).toEqual([]);
    await archive.clear();
    expect(await restarted.upTo(aSnapshot(20), 17)).toBeUndefined();
  });

  it('keeps a few', async () => {
    const all = Array.from({ length: MAX_EVALUATIONS + 2 }, (_, index) => index + 10);
    const { earlier } = await given(...all);
    expect(await earlier.upTo(aSnapshot(99), 11)).toBeUndefined();
    expect(numberOf(await earlier.upTo(aSnapshot(99), 12))).toBe(12);
  });

  it('goes on when one cannot be written', async () => {
    const documents = { ...memoryDocuments(), put: () => Promise.reject(new Error('full')) };
    const logger = listeningLogger();
    const earlier = createEarlierEvaluations(documents, logger);
    earlier.learn(aSnapshot(17));
    await earlier.flush();
    expect(logger.warnings).toEqual(['an evaluation was not kept']);
  });
});
