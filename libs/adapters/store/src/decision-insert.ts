import type { CompiledQuery, Insertable } from 'kysely';
import type { Db, Tables } from './tables';

type Row = Insertable<Tables['decision']>;

/** Rows of one statement: few different texts, so that each is built and prepared once. */
const CHUNKS = [64, 8, 1];

/** Writes rows in one transaction. */
export function createDecisionInsert(db: Db): (rows: readonly Row[]) => Promise<void> {
  const statements = new Map<number, CompiledQuery>();

  function statementFor(rows: readonly Row[]): CompiledQuery {
    const kept = statements.get(rows.length);
    if (kept) return { ...kept, parameters: rows.flatMap(parametersOf) };
    const compiled = db.insertInto('decision').values(rows.map(inOrder)).compile();
    statements.set(rows.length, compiled);
    return compiled;
  }

  return async (rows) => {
    const chunks = [...chunksOf(rows)].map(statementFor);
    const [only] = chunks;
    if (only && chunks.length === 1) return void (await db.executeQuery(only));
    await db.transaction().execute(async (transaction) => {
      for (const chunk of chunks) await transaction.executeQuery(chunk);
    });
  };
}

function* chunksOf(rows: readonly Row[]): Generator<readonly Row[]> {
  let at = 0;
  for (const size of CHUNKS)
    for (; rows.length - at >= size; at += size) yield rows.slice(at, at + size);
}

/** Columns stand in the order in which the first row has them, and parameters in that of the columns. */
const inOrder = ({ request_id, service, at, record }: Row): Row => ({
  request_id,
  service,
  at,
  record,
});
const parametersOf = ({ request_id, service, at, record }: Row): readonly unknown[] => [
  request_id,
  service,
  at,
  record,
];
