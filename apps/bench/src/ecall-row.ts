import { Worker } from 'node:worker_threads';
import { fromUtf8 } from '@touchstone/bytes';
import { startEnclaveWorker } from '@touchstone/enclave-worker';
import { cpuMs, median, percentile } from './measure';
import { type Row, rateRow } from './row';

export const ECALL_ROW = 'enclave.ecall';

const PAYLOAD_BYTES = 1024;
const WARM_CALLS = 2000;
const CALLS = 500;

const ECHO = fromUtf8('exports.ecalls = { echo: async (payload) => payload };');
const BARE = `require('node:worker_threads').parentPort.on('message', (m) =>
  require('node:worker_threads').parentPort.postMessage(m));`;
const refuse = (): never => {
  throw new Error('an echo asks the processor for nothing');
};

/** One ECALL with a KiB each way, beside a bare message to a worker and back; processor time of both sides. */
export async function ecallRow(rounds: number): Promise<Row> {
  const enclave = await startEnclaveWorker({
    name: 'echo',
    code: ECHO,
    instructions: { ereport: refuse, egetkey: refuse },
    heapMegabytes: 64,
    threads: 1,
  });
  const worker = new Worker(BARE, { eval: true });
  const payload = new Uint8Array(PAYLOAD_BYTES);
  const lanes = [
    () => enclave.ecall('echo', payload),
    () =>
      new Promise((resolve) => {
        worker.once('message', resolve);
        worker.postMessage(payload);
      }),
  ].map((work) => ({ work, samples: [] as number[], waits: [] as number[] }));
  try {
    for (const { work } of lanes) await called(work, WARM_CALLS);
    for (let round = 0; round < rounds; round++) {
      for (const { work, samples, waits } of lanes) samples.push(await called(work, CALLS, waits));
    }
  } finally {
    await Promise.all([enclave.terminate(), worker.terminate()]);
  }
  const [ours, floor] = lanes.map(({ samples }) => median(samples));
  const waits = lanes[0]?.waits ?? [];
  return rateRow(ECALL_ROW, ours ?? 0, floor, {
    p50: percentile(waits, 0.5),
    p99: percentile(waits, 0.99),
    note: 'a KiB each way; beside a bare message to a worker',
  });
}

/** Processor milliseconds for each of so many calls, one after the other. */
async function called(
  work: () => Promise<unknown>,
  calls: number,
  waits: number[] = [],
): Promise<number> {
  const started = cpuMs();
  for (let call = 0; call < calls; call++) {
    const asked = performance.now();
    await work();
    waits.push(performance.now() - asked);
  }
  return (cpuMs() - started) / calls;
}
