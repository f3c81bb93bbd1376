import type { Logger } from '@touchstone/ports';
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
      const store = createDecisionStore(db, { max: 300 });
      // Two rounds of 256: at the second one there are more than 300.
      for (let number = 0; number < 512; number++) {
        await store.append(decision(number));
        if (number % 256 === 255) await store.flush();
      }
      const kept = await store.recent(1_000);
      expect(kept).toHaveLength(300);
      expect(kept.at(-1)?.requestId).toBe('r212');
    }));

  it('writes what arrives while it is writing', () =>
    withDatabase(async ({ db }) => {
      const store = createDecisionStore(db, { max: 5_000 });
      const waves = Array.from({ length: 20 }, async (_, wave) => {
        for (let step = 0; step < 20; step++) await store.append(decision(wave * 100 + step));
      });
      await Promise.all(waves);
      const kept = await store.recent(1_000);
      expect(new Set(kept.map(({ requestId }) => requestId)).size).toBe(400);
    }));

  it.each([1, 7, 8, 9, 64, 73, 300])('writes %i records as they came', (count) =>
    withDatabase(async ({ db }) => {
      const store = createDecisionStore(db, { max: 1_000 });
      const records = Array.from({ length: count }, (_, number) => decision(number));
      for (const record of records) await store.append(record);
      expect([...(await store.recent(1_000))].reverse()).toEqual(records);
    }),
  );

  it('finds what was appended a moment ago', () =>
    withDatabase(async ({ db }) => {
      const store = createDecisionStore(db, { max: 10 });
      void store.append(decision(1));
      expect(await store.find('r1')).toEqual(decision(1));
    }));

  it('has written what it was to keep', () =>
    withDatabase(async ({ db }) => {
      await createDecisionStore(db, { max: 10 }).keep(decision(1));
      expect(await createDecisionStore(db, { max: 10 }).find('r1')).toEqual(decision(1));
    }));

  it('says that it could not keep a record', () =>
    withDatabase(async ({ db }) => {
      const store = createDecisionStore(db, { max: 10 });
      await db.schema.alterTable('decision').renameTo('elsewhere').execute();
      await expect(store.keep(decision(1))).rejects.toThrow();
    }));

  it('names a record that cannot be written in the log, and it alone', () =>
    withDatabase(async ({ db }) => {
      const { logger, fields } = listeningLogger();
      const store = createDecisionStore(db, { max: 10, logger });
      await store.append({ ...decision(1), at: new Date(Number.NaN) });
      await store.append(decision(2));
      expect(await store.recent(10)).toEqual([decision(2)]);
      expect(fields).toMatchObject([{ requestIds: ['r1'] }]);
    }));

  it('names what it could not write while the database was away, and goes on', () =>
    withDatabase(async ({ db }) => {
      const { logger, fields } = listeningLogger();
      const store = createDecisionStore(db, { max: 10, logger });
      await db.schema.alterTable('decision').renameTo('elsewhere').execute();
      for (const number of [1, 2]) await store.append(decision(number));
      await store.flush();
      await db.schema.alterTable('elsewhere').renameTo('decision').execute();
      await store.append(decision(3));
      expect(await store.recent(10)).toEqual([decision(3)]);
      expect(fields).toMatchObject([{ requestIds: ['r1', 'r2'] }]);
    }));
});

function listeningLogger() {
  const fields: unknown[] = [];
  const logger: Logger = {
    debug: () => undefined,
    info: () => undefined,
    warn: () => undefined,
    error: (_message, said) => fields.push(said),
    child: () => logger,
  };
  return { logger, fields };
}
