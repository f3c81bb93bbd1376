import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import https from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

const root = path.resolve(__dirname, '../../../..');
const modules = path.join(root, 'node_modules');

/** The app as it is shipped: bundled, in a process and a state folder of its own. */
export interface IdentityProcess {
  readonly url: string;
  readonly port: number;
  readonly home: string;
  readonly caFile: string;
  readonly lines: readonly string[];
  /** Sends SIGTERM; answers the exit code. */
  stop(): Promise<number>;
  restart(env?: NodeJS.ProcessEnv): Promise<IdentityProcess>;
  remove(): Promise<void>;
}

export async function startIdentityProcess(env: NodeJS.ProcessEnv = {}): Promise<IdentityProcess> {
  const home = mkdtempSync(path.join(tmpdir(), 'touchstone-identity-'));
  const script = path.join(home, 'main.cjs');
  execFileSync(path.join(modules, '.bin/esbuild'), [
    path.join(root, 'apps/identity/src/main.ts'),
    '--bundle',
    '--platform=node',
    '--log-level=error',
    '--external:libsql',
    '--external:pg-native',
    `--outfile=${script}`,
  ]);
  return run({ script, home, children: new Set() }, env);
}

/** What outlives a restart. */
interface Stage {
  readonly script: string;
  readonly home: string;
  readonly children: Set<ChildProcess>;
}

async function run(stage: Stage, env: NodeJS.ProcessEnv): Promise<IdentityProcess> {
  const { script, home, children } = stage;
  const child = spawn(process.execPath, [script], {
    env: {
      PATH: process.env['PATH'],
      NODE_PATH: modules,
      TOUCHSTONE_HOME: home,
      IDENTITY_PORT: '0',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.add(child);
  // `close` comes when the last line of the log has been read too.
  const exit = once(child, 'close') as Promise<[number]>;
  void exit.then(() => children.delete(child));
  const lines: string[] = [];
  const url = await readyUrl(child, lines);
  const stop = async (): Promise<number> => {
    child.kill('SIGTERM');
    return (await exit)[0];
  };
  return {
    url,
    port: Number(new URL(url).port),
    home,
    caFile: path.join(home, 'tls', 'ca.pem'),
    lines,
    stop,
    restart: async (changed = {}) => {
      await stop();
      return run(stage, { ...env, ...changed });
    },
    remove: async () => {
      await stop();
      for (const left of children) left.kill('SIGKILL');
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function readyUrl(child: ChildProcess, lines: string[]): Promise<string> {
  const { stdout } = child;
  if (stdout === null) throw new TypeError('the process has no output');
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`exit ${code}: ${lines.join('\n')}`)));
    createInterface({ input: stdout }).on('line', (line) => {
      lines.push(line);
      const { msg, url } = JSON.parse(line) as { msg?: string; url?: string };
      if (msg === 'ready' && url !== undefined) resolve(url);
    });
  });
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  readonly json: Record<string, unknown>;
}

export interface Question {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** One request over TLS, the local CA trusted. */
export function ask(
  identity: IdentityProcess,
  target: string,
  question: Question = {},
): Promise<Answer> {
  const { method = 'GET', headers = {}, body } = question;
  return new Promise((resolve, reject) => {
    const request = https.request(
      `${identity.url}${target}`,
      // The name of the certificate stays, whatever Host a test sends.
      { method, headers, ca: readFileSync(identity.caFile), servername: 'localhost', agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text,
            json: parse(text),
          });
        });
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

function parse(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}
