import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startServiceProcess } from './service-process';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'touchstone-service-process-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function anApp(code: string): Promise<string> {
  const entry = path.join(folder, `${Math.random().toString(36).slice(2)}.cjs`);
  await writeFile(entry, code);
  return entry;
}

describe('startServiceProcess', () => {
  it('answers with the address that the service says, and ends it', async () => {
    const entry = await anApp(`
      console.log('{"msg":"starting","url":"https://early"}');
      console.log(JSON.stringify({ msg: 'ready', url: 'https://' + process.env.NAME + process.argv[2] }));
      process.on('SIGTERM', () => process.exit(0));
      setInterval(() => undefined, 1000);`);
    const service = await startServiceProcess({
      name: 'service',
      entry,
      args: [':1'],
      env: { NAME: 'here' },
    });
    expect(service.url).toBe('https://here:1');
    await service.stop();
    await service.stop();
  });

  it('reads the line of a program that says it in its own way', async () => {
    const entry = await anApp(`
      console.log('listens on https://there:2');
      setInterval(() => undefined, 1000);`);
    const service = await startServiceProcess({
      name: 'service',
      entry,
      urlIn: (line) => /listens on (\S+)/.exec(line)?.[1],
    });
    expect(service.url).toBe('https://there:2');
    await service.stop();
  });

  it('says that a service ended, and shows its log', async () => {
    const shown = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    const entry = await anApp(`console.log('no such folder'); process.exit(1);`);
    await expect(startServiceProcess({ name: 'service', entry })).rejects.toMatchObject({
      code: 'SERVICE_ENDED',
    });
    expect(shown).toHaveBeenCalledWith(expect.stringContaining('no such folder'));
    shown.mockRestore();
  });
});
