import { hasCode } from '@touchstone/errors';
import type { EvaluationPin } from '@touchstone/verification';
import { DAY_MS, ISSUED, KEY, aCollateral } from './__fixtures__/collateral';
import { listeningLogger, memoryDocuments, movingClock, toldSource } from './__fixtures__/doubles';
import { createCollateralArchive } from './collateral-archive';
import {
  COLLATERAL_REFRESH_MS,
  COLLATERAL_RETRY_MS,
  createCollateralKeeper,
  type CollateralKeeper,
} from './collateral-keeper';

const OUTAGE = new Error('connection refused');

function aKeeper(
  first = toldSource(aCollateral()),
  documents = memoryDocuments(),
  minimumEvaluation?: EvaluationPin,
) {
  const clock = movingClock(new Date(ISSUED.getTime() + DAY_MS));
  const logger = listeningLogger();
  const archive = createCollateralArchive(documents, logger);
  const keeper = createCollateralKeeper({
    source: first.source,
    archive,
    clock,
    logger,
    ...(minimumEvaluation !== undefined && { minimumEvaluation }),
  });
  return { keeper, clock, logger, documents, ...first };
}

async function codeOf(promise: Promise<unknown>): Promise<string | undefined> {
  return promise.then(
    () => undefined,
    (error: unknown) => (hasCode(error) ? error.code : String(error)),
  );
}

describe('a copy', () => {
  it('is fetched once for all who ask at the same time', async () => {
    const { keeper, asked } = aKeeper();
    const [a, b] = await Promise.all([keeper.get(KEY), keeper.get(KEY)]);
    expect(a).toBe(b);
    expect(asked()).toBe(1);
  });

  it('is there without the source until a document of it is past its date', async () => {
    const { keeper, clock, asked } = aKeeper();
    await keeper.get(KEY);
    clock.advance(28 * DAY_MS);
    await keeper.get(KEY);
    expect(asked()).toBe(1);
    clock.advance(2 * DAY_MS);
    await keeper.get(KEY);
    expect(asked()).toBe(2);
  });

  it('past its date is better than none', async () => {
    const { keeper, clock, tell } = aKeeper();
    const first = await keeper.get(KEY);
    tell(OUTAGE);
    clock.advance(40 * DAY_MS);
    expect(await keeper.get(KEY)).toBe(first);
  });

  it('grows old and is replaced beside the requests', async () => {
    const { keeper, clock, asked, tell } = aKeeper();
    const first = await keeper.get(KEY);
    await keeper.refresh();
    expect(asked()).toBe(1);
    clock.advance(COLLATERAL_REFRESH_MS);
    tell(aCollateral({ evaluation: 18 }));
    await keeper.refresh();
    expect(asked()).toBe(2);
    expect(await keeper.get(KEY)).not.toBe(first);
    expect(asked()).toBe(2);
  });

  it('outlives the process once it was confirmed', async () => {
    const { keeper, documents } = aKeeper();
    keeper.confirm(await keeper.get(KEY));
    await keeper.flush();
    const next = aKeeper(toldSource(OUTAGE), documents);
    await next.keeper.open();
    expect((await next.keeper.get(KEY)).collateral).toEqual(aCollateral());
    expect(next.asked()).toBe(0);
  });

  it('that nobody confirmed is not kept', async () => {
    const { keeper, documents } = aKeeper();
    await keeper.get(KEY);
    await keeper.flush();
    expect(documents.documents.size).toBe(0);
  });
});

describe('a failed fetch', () => {
  it.each([
    ['of an unknown platform', undefined, 'ATTESTATION_COLLATERAL_UNKNOWN'],
    ['while the source is down', OUTAGE, 'ATTESTATION_COLLATERAL_UNAVAILABLE'],
    [
      'of another platform’s documents',
      aCollateral({ fmspc: '00a067110001' }),
      'ATTESTATION_COLLATERAL_INVALID',
    ],
    [
      'of documents that cannot be read',
      { ...aCollateral(), pckCrl: new Uint8Array(3) },
      'ATTESTATION_COLLATERAL_INVALID',
    ],
  ])('%s has its code', async (_name, answer, code) => {
    const { keeper } = aKeeper(toldSource(answer));
    expect(await codeOf(keeper.get(KEY))).toBe(code);
  });

  it('is believed for a moment, then tried again', async () => {
    const { keeper, clock, asked, tell } = aKeeper(toldSource(undefined));
    await codeOf(keeper.get(KEY));
    tell(aCollateral());
    expect(await codeOf(keeper.get(KEY))).toBe('ATTESTATION_COLLATERAL_UNKNOWN');
    expect(asked()).toBe(1);
    clock.advance(COLLATERAL_RETRY_MS);
    expect(await codeOf(keeper.get(KEY))).toBeUndefined();
  });
});

describe('a newer copy', () => {
  const editions = [
    ['has a lower evaluation number', { evaluation: 16 }],
    ['was issued earlier', { issued: new Date(ISSUED.getTime() - DAY_MS), days: 60 }],
    ['has a lower CRL number', { crlNumber: 0n }],
  ] as const;

  it.each(editions)('that %s does not replace one that verified', async (_name, edition) => {
    const { keeper, tell, logger } = aKeeper();
    const first = await keeper.get(KEY);
    keeper.confirm(first);
    tell(aCollateral(edition));
    await keeper.refresh('now');
    expect(await keeper.get(KEY)).toBe(first);
    expect(logger.warnings).toEqual(['older collateral was refused']);
  });

  it.each(editions)('that %s replaces one that never did', async (_name, edition) => {
    const { keeper, tell } = aKeeper();
    const first = await keeper.get(KEY);
    tell(aCollateral(edition));
    await keeper.refresh('now');
    expect(await keeper.get(KEY)).not.toBe(first);
  });

  it('that does not verify gives way to the one before', async () => {
    const { keeper, tell } = aKeeper();
    const first = await keeper.get(KEY);
    keeper.confirm(first);
    tell(aCollateral({ evaluation: 18 }));
    await keeper.refresh('now');
    const second = await keeper.get(KEY);
    expect(keeper.reject(second)).toBe(first);
    expect(await keeper.get(KEY)).toBe(first);
    tell(aCollateral({ evaluation: 17 }));
    await keeper.refresh('now');
    expect((await keeper.get(KEY)).documents.tcbInfo.tcbEvaluationDataNumber).toBe(17);
  });

  it('that does not verify leaves an error when there was none before', async () => {
    const { keeper } = aKeeper();
    expect(keeper.reject(await keeper.get(KEY))).toBeUndefined();
    expect(await codeOf(keeper.get(KEY))).toBe('ATTESTATION_COLLATERAL_INVALID');
  });

  it('is not thrown away for the failure of an older one', async () => {
    const { keeper, tell } = aKeeper();
    const first = await keeper.get(KEY);
    tell(aCollateral({ evaluation: 18 }));
    await keeper.refresh('now');
    const second = await keeper.get(KEY);
    expect(keeper.reject(first)).toBeUndefined();
    expect(await keeper.get(KEY)).toBe(second);
  });
});

describe('an operator who has everything forgotten', () => {
  it('has the source asked again, and believed even when it goes back in time', async () => {
    const { keeper, tell, asked } = aKeeper();
    keeper.confirm(await keeper.get(KEY));
    tell(aCollateral({ evaluation: 16 }));
    expect(await keeper.forget()).toBe(1);
    expect((await keeper.get(KEY)).documents.tcbInfo.tcbEvaluationDataNumber).toBe(16);
    expect(asked()).toBe(2);
  });

  it('leaves no stored copy behind', async () => {
    const { keeper, documents } = aKeeper();
    keeper.confirm(await keeper.get(KEY));
    await keeper.forget();
    expect(documents.documents.size).toBe(0);
  });

  it('ends the trust in a copy that is in use meanwhile', async () => {
    const { keeper, documents } = aKeeper();
    const used = await keeper.get(KEY);
    await keeper.forget();
    keeper.confirm(used);
    await keeper.flush();
    expect(documents.documents.size).toBe(0);
  });

  it('learns when stored copies cannot be let go, and later ones are kept again', async () => {
    const documents = memoryDocuments();
    const { keeper } = aKeeper(toldSource(aCollateral()), documents);
    const { keys } = documents;
    documents.keys = async () => {
      throw OUTAGE;
    };
    await expect(keeper.forget()).rejects.toBe(OUTAGE);
    documents.keys = keys;
    keeper.confirm(await keeper.get(KEY));
    await keeper.flush();
    expect(documents.documents.size).toBeGreaterThan(0);
  });
});

describe('a minimum evaluation', () => {
  const OTHER = { ...KEY, fmspc: '00a067110001' };
  const pinned = (minimum: EvaluationPin, documents = memoryDocuments()) =>
    aKeeper(toldSource(aCollateral()), documents, minimum);
  const evaluationOf = async (keeper: CollateralKeeper): Promise<number> =>
    (await keeper.get(KEY)).documents.tcbInfo.tcbEvaluationDataNumber;

  it.each(['standard', 'early'] as const)('%s is what verified documents carried', async (name) => {
    const { keeper } = pinned(name);
    const snapshot = await keeper.get(KEY);
    expect(keeper.offeredEvaluations()).toEqual({});
    keeper.confirm(snapshot);
    expect(keeper.offeredEvaluations()).toEqual({ [name]: 17 });
  });

  it('that another platform shows to be there has a copy asked for anew', async () => {
    const { keeper, tell, clock } = pinned('standard');
    keeper.confirm(await keeper.get(KEY));
    tell(aCollateral({ evaluation: 18, fmspc: OTHER.fmspc }));
    keeper.confirm(await keeper.get(OTHER));
    expect(keeper.offeredEvaluations()).toEqual({ standard: 18 });
    tell(aCollateral({ evaluation: 18 }));
    expect(await evaluationOf(keeper)).toBe(17);
    clock.advance(COLLATERAL_RETRY_MS);
    expect(await evaluationOf(keeper)).toBe(18);
  });

  it('by number has a copy below it asked for anew, and no other', async () => {
    const { keeper, tell, clock, asked } = pinned(18);
    keeper.confirm(await keeper.get(KEY));
    tell(aCollateral({ evaluation: 18 }));
    clock.advance(COLLATERAL_RETRY_MS);
    expect(await evaluationOf(keeper)).toBe(18);
    clock.advance(COLLATERAL_RETRY_MS);
    expect(await evaluationOf(keeper)).toBe(18);
    expect(asked()).toBe(2);
  });

  it('that cannot be had leaves the copy there was', async () => {
    const { keeper, tell, clock } = pinned(18);
    keeper.confirm(await keeper.get(KEY));
    tell(OUTAGE);
    clock.advance(COLLATERAL_RETRY_MS);
    expect(await evaluationOf(keeper)).toBe(17);
  });

  it('outlives the process, and is forgotten with the copies', async () => {
    const { keeper, documents } = pinned('standard');
    keeper.confirm(await keeper.get(KEY));
    await keeper.flush();
    const next = pinned('standard', documents);
    await next.keeper.open();
    expect(next.keeper.offeredEvaluations()).toEqual({ standard: 17 });
    await next.keeper.forget();
    expect(next.keeper.offeredEvaluations()).toEqual({});
  });
});

describe('stored copies', () => {
  it('that are broken are passed over', async () => {
    const { keeper, documents } = aKeeper();
    keeper.confirm(await keeper.get(KEY));
    await keeper.flush();
    const [name = ''] = [...documents.documents.keys()].filter((key) => key.endsWith('/tcbInfo'));
    const document = documents.documents.get(name);
    if (document) documents.documents.set(name, { ...document, body: new Uint8Array([1]) });
    const next = aKeeper(toldSource(aCollateral()), documents);
    await next.keeper.open();
    expect(next.logger.warnings).toEqual(['a stored copy of collateral cannot be read']);
    await next.keeper.get(KEY);
    expect(next.asked()).toBe(1);
  });
});
