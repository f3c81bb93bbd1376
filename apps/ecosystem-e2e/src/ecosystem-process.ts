import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Endpoints } from '@touchstone/server-ecosystem';
import type { Bundles } from './bundles';

const READY_MS = 40_000;
const POLL_MS = 25;

export interface EcosystemStart {
  /** State folder. */
  readonly home: string;
  readonly bundles: Bundles;
  readonly seed?: string;
  /** `TOUCHSTONE_NOW`. */
  readonly now?: string;
}

/** A line of the log. */
export type LogLine = Readonly<Record<string, unknown>>;

/** `apps/ecosystem` as its own process, on ports of its own. */
export class EcosystemProcess {
  #log = '';

  private constructor(
    readonly home: string,
    private readonly child: ChildProcess,
  ) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.#log += text));
    }
  }

  /** Resolves when it has written its addresses. */
  static async start({ home, bundles, seed, now }: EcosystemStart): Promise<EcosystemProcess> {
    const args = ['--home', home, '--ports', 'ephemeral', ...(seed ? ['--seed', seed] : [])];
    const child = spawn(process.execPath, [bundles.ecosystem, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        TOUCHSTONE_ENCLAVES: bundles.enclaves,
        ...(now !== undefined && { TOUCHSTONE_NOW: now }),
      },
    });
    const started = new EcosystemProcess(home, child);
    try {
      await started.#ready();
      return started;
    } catch (error) {
      await started.kill();
      throw error;
    }
  }

  async #ready(): Promise<void> {
    const deadline = performance.now() + READY_MS;
    while (performance.now() < deadline) {
      if (this.child.exitCode !== null) throw new Error(`the ecosystem ended:\n${this.#log}`);
      const { pid } = this.child;
      // A process that was killed leaves its addresses behind; the next one takes them away when it starts.
      const found = await readFile(this.endpointsFile, 'utf8').catch(() => undefined);
      if (found !== undefined && this.#log.includes('"msg":"ready"') && pid !== undefined) return;
      await sleep(POLL_MS);
    }
    throw new Error(`the ecosystem was not ready in time:\n${this.#log}`);
  }

  get endpointsFile(): string {
    return path.join(this.home, 'endpoints.json');
  }

  async endpoints(): Promise<Endpoints> {
    return JSON.parse(await readFile(this.endpointsFile, 'utf8')) as Endpoints;
  }

  log(): readonly LogLine[] {
    const lines = this.#log.split('\n').filter((line) => line.startsWith('{'));
    return lines.map((line) => JSON.parse(line) as LogLine);
  }

  /** As Ctrl-C and `kill` do it; answers with the exit code. */
  stop(): Promise<number | null> {
    return this.#end('SIGTERM');
  }

  /** As a power cut does it. */
  kill(): Promise<number | null> {
    return this.#end('SIGKILL');
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.child.exitCode;
    const ended = once(this.child, 'exit');
    this.child.kill(signal);
    await ended;
    return this.child.exitCode;
  }
}
