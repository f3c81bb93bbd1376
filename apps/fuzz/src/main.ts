import { isMainThread, workerData } from 'node:worker_threads';
import { type Options, USAGE, UsageError, parseOptions } from './options';
import type { Order, WorkerData } from './protocol';
import { findingText, summaryJson, tableHead, tableRow, total } from './report';
import type { TargetReport } from './run';
import { execute } from './session';
import { supervise } from './supervise';
import type { FuzzTarget } from './target';
import { fuzzTargets } from './targets';
import { work } from './worker';

const EXIT_FINDING = 1;
const EXIT_USAGE = 2;

function chosen(all: readonly FuzzTarget[], names: readonly string[]): readonly FuzzTarget[] {
  const unknown = names.find((name) => !all.some((target) => target.name === name));
  if (unknown !== undefined) throw new UsageError(`there is no target ${unknown}; see --list`);
  return names.length === 0 ? all : all.filter(({ name }) => names.includes(name));
}

/** One input through one target, with everything that it says. */
function replay([target]: readonly FuzzTarget[], input: Uint8Array): number {
  if (target === undefined) return EXIT_USAGE;
  const started = performance.now();
  const outcome = execute(target, input);
  const ms = (performance.now() - started).toFixed(1);
  console.log(`${outcome.kind} after ${ms} ms: ${'way' in outcome ? outcome.way : outcome.what}`);
  return outcome.kind === 'fault' ? EXIT_FINDING : 0;
}

async function fuzz(options: Options, targets: readonly FuzzTarget[]): Promise<number> {
  const { seed, seconds, executions, json } = options;
  const workers = Math.min(options.workers, targets.length);
  const ms = (seconds * 1000 * workers) / targets.length;
  const limits = executions === undefined ? { ms } : { executions };
  const orders = targets.map(({ name }): Order => ({ target: name, seed, limits }));
  const reports: TargetReport[] = [];
  if (!json) console.log(`seed ${seed}, ${targets.length} targets\n${tableHead()}`);
  const take = (report: TargetReport): void => {
    reports.push(report);
    if (json) return;
    console.log(tableRow(report));
    for (const finding of report.findings) console.log(findingText(finding));
  };
  const shares = Array.from({ length: workers }, (_, index) =>
    orders.filter((_order, at) => at % workers === index),
  );
  await Promise.all(shares.map((share) => supervise(__filename, share, take)));
  const findings = reports.flatMap((report) => report.findings);
  console.log(
    json
      ? summaryJson(seed, reports)
      : `${total(reports)} executions, ${findings.length} finding${findings.length === 1 ? '' : 's'}`,
  );
  return findings.length === 0 ? 0 : EXIT_FINDING;
}

async function main(args: readonly string[]): Promise<number> {
  const options = parseOptions(args);
  const targets = chosen(fuzzTargets(), options.targets);
  if (options.list) console.log(targets.map(({ name }) => name).join('\n'));
  else if (options.replay) return replay(targets, options.replay);
  else return fuzz(options, targets);
  return 0;
}

function start(): void {
  main(process.argv.slice(2)).then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      if (!(error instanceof UsageError)) throw error;
      console.error(`${error.message}\n${USAGE}`);
      process.exitCode = EXIT_USAGE;
    },
  );
}

// The bundle is its own worker.
if (isMainThread) start();
else work(workerData as WorkerData);
