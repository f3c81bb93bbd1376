// A worker whose first order never ends and whose second one ends at once: what a supervisor must cope with.
import { parentPort, workerData } from 'node:worker_threads';

const facts = {
  ms: 1,
  growthBytes: 0,
  findings: [],
  accepted: 0,
  refused: 0,
  ways: 0,
  corpus: 0,
  slowestMs: 0,
};

for (const order of workerData.orders) {
  parentPort.postMessage({ kind: 'started', order });
  const counters = new Int32Array(workerData.shared, 0, 2);
  new Uint8Array(workerData.shared, 8).set([1, 2, 3]);
  counters[1] = 3;
  Atomics.add(counters, 0, 1);
  if (order.target === 'stuck') Atomics.wait(counters, 1, 3);
  if (order.target === 'dying') throw new Error('gone');
  parentPort.postMessage({
    kind: 'done',
    report: { target: order.target, executions: 1, ...facts },
  });
}
