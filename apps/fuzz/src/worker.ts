import { parentPort } from 'node:worker_threads';
import { Blackboard, type WorkerData, type WorkerMessage } from './protocol';
import { runTarget } from './run';
import { fuzzTargets } from './targets';

/** Carries out its orders one after another, and says when each begins and ends. */
export function work({ orders, shared }: WorkerData): void {
  const tell = (message: WorkerMessage): void => parentPort?.postMessage(message);
  const board = new Blackboard(shared);
  const targets = new Map(fuzzTargets().map((target) => [target.name, target]));
  for (const order of orders) {
    const target = targets.get(order.target);
    if (target === undefined) continue;
    tell({ kind: 'started', order });
    tell({ kind: 'done', report: runTarget(target, order.seed, order.limits, board) });
  }
}
