import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { backends, type TestBackend, type TestPlace } from './__fixtures__/backends';
import { openStore } from './open-store';

const modules = path.resolve(__dirname, '../../../../node_modules');
const kek = new Uint8Array(32).fill(1);
let folder: string;
let script: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'touchstone-writer-'));
  script = path.join(folder, 'writer.cjs');
  const entry = path.join(__dirname, '__fixtures__/writer.ts');
  execFileSync(path.join(modules, '.bin/esbuild'), [
    entry,
    '--bundle',
    '--platform=node',
    '--log-level=error',
    '--external:libsql',
    '--external:pg-native',
    `--outfile=${script}`,
  ]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function startWriter(place: TestPlace, count?: number): ChildProcess {
  return spawn(process.execPath, [script], {
    env: {
      ...process.env,
      NODE_PATH: modules,
      PLACE: JSON.stringify(place.options),
      ...(count !== undefined && { COUNT: String(count) }),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function acknowledgedUntilKilled(writer: ChildProcess, killAt: number): Promise<number> {
  if (writer.stdout === null) throw new TypeError('the writer has no output');
  let last = 0;
  for await (const line of createInterface({ input: writer.stdout })) {
    if (line === 'open') continue;
    last = Number(line);
    if (last === killAt) writer.kill('SIGKILL');
  }
  return last;
}

describe.each(backends)('processes that share $name', (backend: TestBackend) => {
  let place: TestPlace;
  beforeEach(() => {
    place = backend.place();
  });
  afterEach(() => place.remove());

  it('may all be the first to open it', async () => {
    const writers = [1, 2, 3, 4].map(() => startWriter(place, 5));
    const codes = await Promise.all(
      writers.map(async (writer) => (await once(writer, 'exit'))[0] as number),
    );
    expect(codes).toEqual([0, 0, 0, 0]);
    const store = await openStore({ ...place.options, kek });
    for (const { pid } of writers) expect(await store.settings.get(`${pid}/5`)).toBe(5);
    await store.close();
  }, 30_000);

  it('lose nothing that was acknowledged when one is killed, and keep no half of a write', async () => {
    const writer = startWriter(place);
    const last = await acknowledgedUntilKilled(writer, 40);
    const store = await openStore({ ...place.options, kek });
    for (let number = 1; number <= last; number++) {
      expect(await store.settings.get(`${writer.pid}/${number}`)).toBe(number);
      expect((await store.documents.get(`${writer.pid}/second/${number}`))?.body).toHaveLength(
        1_000,
      );
    }
    const firsts = await store.documents.keys(`${writer.pid}/first/`);
    const seconds = await store.documents.keys(`${writer.pid}/second/`);
    expect(firsts).toHaveLength(seconds.length);
    const [signing, ...retired] = await store.signingKeys.list(`${writer.pid}`);
    expect(signing?.retiredAt).toBeUndefined();
    expect(retired.length).toBeGreaterThanOrEqual(last - 1);
    retired.forEach(({ createdAt, retiredAt }) =>
      expect(retiredAt?.getTime()).toBe(createdAt.getTime() + 1),
    );
    await store.close();
  }, 30_000);
});
