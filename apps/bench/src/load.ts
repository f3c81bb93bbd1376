import { readFile } from 'node:fs/promises';
import { HttpConnection } from './http-connection';
import { percentile } from './measure';
import { readRequests } from './request-file';

/** A load: these requests in turn, over and over, on so many connections; of each window one result. */
export interface LoadJob {
  readonly url: string;
  /** PEM file. */
  readonly ca: string;
  /** As `writeRequests` writes them. */
  readonly requestFile: string;
  readonly connections: number;
  readonly warmMs: number;
  /** Answers before the first window, however long they take, within `MAX_WARM_MS`. */
  readonly warmAnswers: number;
  /** Length of a window. */
  readonly ms: number;
}

export interface LoadResult {
  readonly answers: number;
  /** Answers a second, of all connections together. */
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

const OK = 200;
export const MAX_WARM_MS = 50_000;

/** Connections that are open and can be loaded, window after window. */
export interface Load {
  warm(): Promise<void>;
  run(ms: number): Promise<LoadResult>;
  close(): void;
}

/** Opens the connections. An answer other than 200 is an error, for a refusal would be measured as a success. */
export async function openLoad(job: LoadJob): Promise<Load> {
  const requests = await readRequests(job.requestFile);
  const ca = await readFile(job.ca, 'utf8');
  const url = new URL(job.url);
  const open = Array.from({ length: job.connections }, () => HttpConnection.open(url, ca));
  const connections = await Promise.all(open);
  let turn = 0;

  async function ask(connection: HttpConnection, end: number, latencies: number[]): Promise<void> {
    while (performance.now() < end) {
      const request = requests[turn++ % requests.length] ?? Buffer.alloc(0);
      const started = performance.now();
      const { status, body } = await connection.send(request);
      if (status !== OK) throw new Error(`${url.href} answered ${status}: ${body.toString()}`);
      latencies.push(performance.now() - started);
    }
  }

  async function run(ms: number): Promise<LoadResult> {
    const latencies: number[] = [];
    const started = performance.now();
    await Promise.all(connections.map((connection) => ask(connection, started + ms, latencies)));
    const seconds = (performance.now() - started) / 1000;
    return {
      answers: latencies.length,
      perSecond: latencies.length / seconds,
      p50: percentile(latencies, 0.5),
      p99: percentile(latencies, 0.99),
    };
  }

  return {
    run,
    async warm() {
      const end = performance.now() + MAX_WARM_MS;
      for (let answers = 0; ;) {
        answers += (await run(job.warmMs)).answers;
        if (answers >= job.warmAnswers || performance.now() >= end) return;
      }
    },
    close() {
      for (const connection of connections) connection.close();
    },
  };
}
