import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const WORKSPACE = path.resolve(__dirname, '../../../..');
/** Of our own, so that nobody else writes to it while it runs. */
const APPS = path.join(WORKSPACE, 'dist/attestation-service-e2e/apps');
const ENTRY = path.join(APPS, 'attestation-service/main.cjs');

/** Builds `apps/attestation-service` as it is in this checkout, with the tool that every start uses. */
export async function buildService(): Promise<void> {
  const tool = path.join(WORKSPACE, 'tools/build.mjs');
  const script = `
    import { buildApp } from ${JSON.stringify(tool)};
    await buildApp('attestation-service', { apps: ${JSON.stringify(APPS)} });`;
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    cwd: WORKSPACE,
  });
}

/** One line of a log, with the members that are looked at here. */
export interface LogLine {
  readonly msg?: string;
  readonly url?: string;
  readonly worker?: number;
  readonly pid?: number;
}

/** The attestation service as a process of its own. */
export class ServiceProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
    /** What it has logged so far. */
    readonly log: readonly LogLine[],
  ) {}

  /** Resolves when it says that it is ready. */
  static async start(env: Readonly<Record<string, string>>): Promise<ServiceProcess> {
    const { PATH = '' } = process.env;
    const child = spawn(process.execPath, [ENTRY], {
      env: { PATH, ATTESTATION_SERVICE_PORT: '0', ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const log: LogLine[] = [];
    return new ServiceProcess(child, await urlWhenReady(child, log), log);
  }

  /** As whoever runs it ends it; answers with its exit code. */
  async stop(): Promise<number | null> {
    const gone = once(this.child, 'exit') as Promise<[number | null]>;
    this.child.kill('SIGTERM');
    const [code] = await gone;
    return code;
  }

  /** As a power cut does it, whatever it is at; resolves when the process is gone. */
  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await gone;
  }
}

/** The rest of the log is read too: a process whose output nobody takes stands still. */
function urlWhenReady({ stdout }: ChildProcess, log: LogLine[]): Promise<string> {
  if (stdout === null) throw new TypeError('the service has no output');
  return new Promise((resolve, reject) => {
    createInterface({ input: stdout })
      .on('line', (text) => {
        const line = JSON.parse(text) as LogLine;
        log.push(line);
        if (line.msg === 'ready' && line.url !== undefined) resolve(line.url);
      })
      .on('close', () => {
        const said = log.slice(-20).map((line) => JSON.stringify(line));
        reject(new Error(`the service ended:\n${said.join('\n')}`));
      });
  });
}
