import { availableParallelism, cpus } from 'node:os';
import { type ChildTask, beChild } from './child';
import { ecallRow } from './ecall-row';
import { fleetRows } from './fleet-rows';
import { floorRows, floorTimes } from './floor-rows';
import { loadRow } from './load-case';
import { LOAD_CASES } from './load-cases';
import { MACHINE_GROUP, machineRows } from './machine-rows';
import {
  type Options,
  USAGE,
  UsageError,
  mayHold,
  parseOptions,
  requireNamed,
  wanted,
} from './options';
import { POLICY_GROUP, policyRows } from './policy-rows';
import { CHILD_OPTION } from './child-process';
import type { BenchDocument, Row } from './row';
import { openStand } from './stand';
import { tableHead, tableRow } from './table';
import { SCENARIO_ROW, scenarioRow } from './scenario-row';
import { simulatedSubjects, verifyRows } from './verify-rows';

const EXIT_USAGE = 2;
const BATCH_MS = 12;
const WARM_MS = 4000;

const machine = (): string =>
  `${cpus()[0]?.model.trim() ?? 'unknown'}, ${availableParallelism()} cores, Node ${process.versions.node}, OpenSSL ${process.versions.openssl}`;

async function* rows(options: Options): AsyncGenerator<Row> {
  const measuring = { rounds: options.rounds, batchMs: BATCH_MS };
  if (mayHold(options, 'crypto')) yield* floorRows(floorTimes(measuring));
  if (['verify', 'verify.sgx', 'verify.tdx'].some((name) => mayHold(options, name))) {
    for (const subject of simulatedSubjects()) {
      if (mayHold(options, subject.name)) yield* verifyRows(subject, measuring);
    }
  }
  yield* fleetRows((name) => wanted(options, name));
  if (mayHold(options, POLICY_GROUP)) yield* policyRows(measuring);
  if (mayHold(options, MACHINE_GROUP)) {
    yield* machineRows(measuring);
    yield await ecallRow(options.rounds);
  }
  if (wanted(options, SCENARIO_ROW)) yield await scenarioRow();
  yield* loadRows(options);
}

async function* loadRows(options: Options): AsyncGenerator<Row> {
  const cases = LOAD_CASES.filter(({ name }) => wanted(options, name));
  if (cases.length === 0) return;
  const stand = await openStand();
  try {
    const { seconds, windows, profile } = options;
    const lengths = { warmMs: WARM_MS, ms: seconds * 1000, windows, ...(profile && { profile }) };
    for (const each of cases) yield await loadRow(stand, each, lengths);
  } finally {
    await stand.close();
  }
}

async function main(args: readonly string[]): Promise<void> {
  const options = parseOptions(args);
  const kept: Row[] = [];
  if (!options.json) console.log(`${machine()}\n${tableHead()}`);
  for await (const row of rows(options)) {
    if (!wanted(options, row.name)) continue;
    kept.push(row);
    if (!options.json) console.log(tableRow(row));
  }
  requireNamed(options, kept);
  const document: BenchDocument = { machine: machine(), rows: kept };
  if (options.json) console.log(JSON.stringify(document, undefined, 2));
}

function start(args: readonly string[]): void {
  const [first, task] = args;
  const running =
    first === CHILD_OPTION ? beChild(JSON.parse(task ?? '') as ChildTask) : main(args);
  running.catch((error: unknown) => {
    if (error instanceof UsageError) console.error(`${error.message}\n${USAGE}`);
    else console.error(error);
    process.exit(error instanceof UsageError ? EXIT_USAGE : 1);
  });
}

start(process.argv.slice(2));
