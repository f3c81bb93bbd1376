import { backends } from './__fixtures__/backends';
import { createDecisionStore } from './decisions';
import { openSqlite } from './sqlite';

const decision = (number: number) => ({
  requestId: `r${number}`,
  service: 's',
  at: new Date(0),
  record: '{}',
});

describe('createDecisionStore', () => {
  const [embedded] = backends;
  const withDatabase = async (
    test: (backend: Awaited<ReturnType<typeof openSqlite>>) => Promise<void>,
  ) => {
    const place = embedded?.place();
    if (place === undefined || !('file' in place.options))
      throw new TypeError('no embedded database');
    const backend = await openSqlite(place.options.file);
    try {
      await test(backend);
    } finally {
      await backend.close();
      await place.remove();
    }
  };

  it('keeps exactly the newest when it takes the old ones away', () =>
    withDatabase(async ({ db }) => {
      const store = createDecisionStore(db, 300);
      // Two rounds of 256: at the second one there are more than 300.
      for (let number = 0; number < 512; number++) await store.append(decision(number));
      const kept = await store.recent(1_000);
      expect(kept).toHaveLength(300);
      expect(kept.at(-1)?.requestId).toBe('r212');
    }));

  it('writes what arrives while it is writing', () =>
    withDatabase(async ({ db }) => {
      const store = createDecisionStore(db, 5_000);
      const waves = Array.from({ length: 20 }, async (_, wave) => {
        for (let step = 0; step < 20; step++) await store.append(decision(wave * 100 + step));
      });
      await Promise.all(waves);
      expect(await store.recent(1_000)).toHaveLength(400);
    }));

  it('refuses a record that cannot be written, and it alone', () =>
    withDatabase(async ({ db }) => {
      const store = createDecisionStore(db, 10);
      const broken = { ...decision(1), at: new Date(Number.NaN) };
      const [refused, written] = await Promise.allSettled([broken, decision(2)].map(store.append));
      expect([refused?.status, written?.status]).toEqual(['rejected', 'fulfilled']);
      expect(await store.recent(10)).toHaveLength(1);
    }));

  it('tells every caller when the database is away', () =>
    withDatabase(async ({ db }) => {
      await db.schema.dropTable('decision').execute();
      const store = createDecisionStore(db, 10);
      const answers = await Promise.allSettled(
        [1, 2].map((number) => store.append(decision(number))),
      );
      expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    }));
});
