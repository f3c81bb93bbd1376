import { Worker } from 'node:worker_threads';
import { Blackboard, type Order, type WorkerData, type WorkerMessage, hangOf } from './protocol';
import type { TargetReport } from './run';

/** A worker that has not moved on for so long is stuck; making the seeds takes a few seconds on a busy machine. */
export const STUCK_MS = 10_000;
const LOOK_MS = 500;

/** Runs the orders in a worker of `script`; a worker that is stuck or dies is a finding, and another one goes on. */
export async function supervise(
  script: string,
  orders: readonly Order[],
  onReport: (report: TargetReport) => void,
  stuckMs = STUCK_MS,
): Promise<void> {
  let left = orders;
  while (left.length > 0) {
    const done = await oneWorker(script, left, onReport, stuckMs);
    left = left.slice(done);
  }
}

/** Answers how many orders are finished, a fatal one included. */
function oneWorker(
  script: string,
  orders: readonly Order[],
  onReport: (report: TargetReport) => void,
  stuckMs: number,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const board = new Blackboard();
    const workerData: WorkerData = { orders, shared: board.shared };
    const worker = new Worker(script, { workerData });
    let running: Order | undefined;
    let finished = 0;
    const movement = new Movement(board, stuckMs);

    const give = (report: TargetReport): void => {
      finished += 1;
      running = undefined;
      onReport(report);
    };
    const timer = setInterval(
      () => {
        if (running === undefined || !movement.stopped()) return;
        give(fatal(running, board, hangOf(running, board, stuckMs)));
        void worker.terminate();
      },
      Math.min(LOOK_MS, stuckMs),
    );

    worker.on('message', (message: WorkerMessage) => {
      if (message.kind === 'done') give(message.report);
      else running = message.order;
    });
    worker.on('error', (error) => {
      if (running === undefined) {
        clearInterval(timer);
        reject(error);
        return;
      }
      const finding = { ...hangOf(running, board, 0), kind: 'error' as const, what: String(error) };
      give(fatal(running, board, finding));
    });
    worker.on('exit', () => {
      clearInterval(timer);
      resolve(finished);
    });
  });
}

/** Whether the worker has executed anything lately. */
class Movement {
  readonly #board: Blackboard;
  readonly #stuckMs: number;
  #seen = -1;
  #since = 0;

  constructor(board: Blackboard, stuckMs: number) {
    this.#board = board;
    this.#stuckMs = stuckMs;
  }

  stopped(): boolean {
    const { executions } = this.#board;
    const now = performance.now();
    if (executions !== this.#seen) [this.#seen, this.#since] = [executions, now];
    return now - this.#since > this.#stuckMs;
  }
}

const fatal = (
  { target }: Order,
  { executions }: Blackboard,
  finding: TargetReport['findings'][number],
): TargetReport => ({
  target,
  ms: 0,
  growthBytes: 0,
  findings: [finding],
  executions,
  accepted: 0,
  refused: 0,
  ways: 0,
  corpus: 0,
  slowestMs: 0,
});
