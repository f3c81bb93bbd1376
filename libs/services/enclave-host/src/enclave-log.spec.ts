import { clock } from './__fixtures__/machine';
import { EnclaveLog, MAX_LOG_CHARACTERS, MAX_LOG_ENTRIES } from './enclave-log';

const never = new AbortController().signal;

async function collect(log: EnclaveLog, onlyNew = false): Promise<string[]> {
  const texts: string[] = [];
  for await (const { kind, text } of log.read(onlyNew, never)) texts.push(`${kind} ${text}`);
  return texts;
}

describe('EnclaveLog', () => {
  it('tells what was, and what comes, until the enclave has ended', async () => {
    const log = new EnclaveLog(clock);
    log.add('loaded', 'a');
    const reading = collect(log);
    log.add('log', 'b');
    await Promise.resolve();
    log.add('ended', 'c');
    log.add('log', 'after the end');
    expect(await reading).toEqual(['loaded a', 'log b', 'ended c']);
  });

  it('tells only what is new to whom wants no more', async () => {
    const log = new EnclaveLog(clock);
    log.add('loaded', 'a');
    const reading = collect(log, true);
    log.add('ended', 'b');
    expect(await reading).toEqual(['ended b']);
  });

  it('forgets the oldest, and says how many', async () => {
    const log = new EnclaveLog(clock);
    for (let i = 0; i < MAX_LOG_ENTRIES + 7; i++) log.add('log', String(i));
    const first = await log.read(false, never).next();
    expect(first.value).toMatchObject({ text: '7', dropped: 7 });
  });

  it('keeps no more of a text than its limit', async () => {
    const log = new EnclaveLog(clock);
    log.add('log', 'x'.repeat(MAX_LOG_CHARACTERS + 1));
    const first = await log.read(false, never).next();
    expect(first.value).toMatchObject({ text: 'x'.repeat(MAX_LOG_CHARACTERS) });
  });

  it('ends for a reader who goes away while he waits', async () => {
    const log = new EnclaveLog(clock);
    const abort = new AbortController();
    const waiting = log.read(false, abort.signal).next();
    abort.abort();
    expect(await waiting).toMatchObject({ done: true });
  });
});
