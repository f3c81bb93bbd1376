import { access, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { decodeDecisionRecord, type DecisionRecord } from '@touchstone/decision';
import { CodedError } from '@touchstone/errors';
import { createHttpClient } from '@touchstone/http-client';
import { openServiceStore } from '@touchstone/store';
import { loadKek } from '@touchstone/tls';
import { DECIDING_SERVICES, fetchDecision } from '@touchstone/server-ecosystem';
import { readEndpoints, resolveHome } from '../home';
import { renderDecision } from '../render-decision';

class ExplainError extends CodedError<'DECISION_NOT_FOUND'> {}

interface ExplainOptions {
  readonly home?: string;
  readonly json?: boolean;
}

export function addExplain(program: Command): void {
  program
    .command('explain')
    .description('print the decision record of a request: every check, and the one that decided')
    .argument('<request id>', 'x-ms-request-id of the answer')
    .option('--home <folder>', 'state folder of the ecosystem, running or stopped')
    .option('--json', 'print the record as it is kept')
    .action(async (requestId: string, options: ExplainOptions) => {
      const home = resolveHome(options.home, process.env);
      const record = (await askRunning(home, requestId)) ?? (await readKept(home, requestId));
      if (record === undefined) {
        throw new ExplainError('DECISION_NOT_FOUND', `${home} holds no decision for ${requestId}`);
      }
      process.stdout.write(options.json ? `${JSON.stringify(record)}\n` : renderDecision(record));
    });
}

/** From a running ecosystem; undefined when none answers. */
async function askRunning(home: string, requestId: string): Promise<DecisionRecord | undefined> {
  const endpoints = await readEndpoints(home).catch(() => undefined);
  if (endpoints === undefined) return undefined;
  const http = createHttpClient({ ca: await readFile(endpoints.ca, 'utf8') });
  try {
    return await fetchDecision(endpoints, http, requestId).catch(() => undefined);
  } finally {
    await http.close();
  }
}

/** From what a stopped ecosystem left in its state folder, or in the database that `DATABASE_URL` names. */
async function readKept(home: string, requestId: string): Promise<DecisionRecord | undefined> {
  const databaseUrl = process.env['DATABASE_URL'];
  for (const service of DECIDING_SERVICES) {
    if (!databaseUrl && !(await exists(path.join(home, `${service}.db`)))) continue;
    const kek = await loadKek({ home, env: process.env });
    const store = await openServiceStore({
      service,
      home,
      kek,
      ...(databaseUrl && { databaseUrl }),
    });
    try {
      const found = await store.decisions.find(requestId);
      if (found !== undefined) return decodeDecisionRecord(found.record);
    } finally {
      await store.close();
    }
  }
  return undefined;
}

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );
