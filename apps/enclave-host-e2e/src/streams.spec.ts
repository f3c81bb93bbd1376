import { fromUtf8, toUtf8 } from '@touchstone/bytes';
import type { CallEnclaveStreamRequest, LogEntry } from '@touchstone/enclave-rpc';
import { Author, collect, openWorld } from './world';
import type { World } from './world';

jest.setTimeout(30_000);

const author = new Author();
let world: World;
beforeAll(async () => {
  world = await openWorld();
}, 60_000);
afterAll(() => world.close());

const load = async (ecalls: string): Promise<string> =>
  (await world.client.loadEnclave({ bundle: author.write(ecalls), debug: false })).id;

const start = (enclaveId: string, name = 'run', deadlineMilliseconds = 0) => ({
  start: { enclaveId, name, deadlineMilliseconds },
});

describe('CallEnclaveStream', () => {
  it('enters the enclave with one payload after the other', async () => {
    const enclaveId = await load(
      `run: (() => { let n = 0; return async (p) => Buffer.concat([p, Buffer.from('#' + ++n)]); })()`,
    );
    const requests = [
      start(enclaveId),
      ...['a', 'b', 'c'].map((text) => ({ payload: fromUtf8(text) })),
    ];
    const answers = await collect(world.client.callEnclaveStream(requests));
    expect(answers.map(({ payload }) => toUtf8(payload))).toEqual(['a#1', 'b#2', 'c#3']);
  });

  it('ends with the first ECALL that fails, and the enclave goes on', async () => {
    const enclaveId = await load(
      `run: async (p) => { if (p[0] === 2) throw Object.assign(new Error('no'), { code: 'TWO' }); return p; }`,
    );
    const requests = [start(enclaveId), ...[1, 2, 3].map((n) => ({ payload: Uint8Array.of(n) }))];
    const seen: number[] = [];
    const run = async () => {
      for await (const { payload } of world.client.callEnclaveStream(requests))
        seen.push(payload[0] ?? 0);
    };
    await expect(run()).rejects.toMatchObject({ code: 'ENCLAVE_ECALL_FAILED', enclaveCode: 'TWO' });
    expect(seen).toEqual([1]);
    const again = await collect(
      world.client.callEnclaveStream([start(enclaveId), { payload: Uint8Array.of(9) }]),
    );
    expect(again).toHaveLength(1);
  });

  it('takes no more than it is read, however much is sent', async () => {
    const enclaveId = await load('run: async (p) => p');
    const payload = new Uint8Array(1024 * 1024);
    let sent = 0;
    const endless = async function* (): AsyncGenerator<CallEnclaveStreamRequest> {
      yield start(enclaveId);
      for (;;) {
        sent++;
        yield { payload };
      }
    };
    const answers = world.client.callEnclaveStream(endless())[Symbol.asyncIterator]();
    for (let taken = 0; taken < 5; taken++) await answers.next();
    // Nobody reads for a while: what was sent has to come to a halt at what the windows and buffers between hold.
    let before: number;
    do {
      before = sent;
      await new Promise((resolve) => setTimeout(resolve, 300));
    } while (sent !== before);
    expect(sent).toBeLessThan(64);
    await answers.return?.();
  });

  it('stops when its caller gives up, and the enclave goes on', async () => {
    const enclaveId = await load('run: async (p) => p');
    const stalled = async function* (): AsyncGenerator<CallEnclaveStreamRequest> {
      yield start(enclaveId);
      yield { payload: Uint8Array.of(1) };
      await new Promise(() => undefined);
    };
    const abort = new AbortController();
    const run = async () => {
      const answers = world.client.callEnclaveStream(stalled(), { signal: abort.signal });
      for await (const { payload } of answers) if (payload.length > 0) abort.abort();
    };
    await expect(run()).rejects.toMatchObject({ code: 'RPC_CANCELLED' });
    const request = { enclaveId, name: 'run', payload: fromUtf8('in'), deadlineMilliseconds: 0 };
    expect(toUtf8((await world.client.callEnclave(request)).payload)).toBe('in');
  });

  it('ends the enclave alone when an ECALL in it does not return', async () => {
    const [looping, other] = [await load('run() { for (;;); }'), await load('run: async (p) => p')];
    const requests = [start(looping, 'run', 300), { payload: new Uint8Array() }];
    await expect(collect(world.client.callEnclaveStream(requests))).rejects.toMatchObject({
      code: 'ENCLAVE_DEADLINE_EXCEEDED',
      status: 'DEADLINE_EXCEEDED',
    });
    const fine = [start(other), { payload: Uint8Array.of(1) }];
    expect(await collect(world.client.callEnclaveStream(fine))).toHaveLength(1);
  });

  it.each<[string, (id: string) => CallEnclaveStreamRequest[], object]>([
    ['without a start', () => [{ payload: new Uint8Array() }], { field: 'start' }],
    ['with two starts', (id) => [start(id), start(id)], { field: 'payload' }],
    ['of no enclave', () => [start('0'.repeat(16))], { code: 'HOST_ENCLAVE_UNKNOWN' }],
    ['with an endless name', (id) => [start(id, 'n'.repeat(65))], { field: 'name' }],
  ])('is refused %s', async (_how, requests, refusal) => {
    const sent = requests(await load('run: async (p) => p'));
    await expect(collect(world.client.callEnclaveStream(sent))).rejects.toMatchObject(refusal);
  });
});

describe('StreamLogs', () => {
  const texts = (entries: readonly LogEntry[]): string[] =>
    entries.map(({ kind, text }) => `${kind.replace('LOG_KIND_', '')} ${text}`);

  it('tells what an enclave says and what happens to it, until it has ended', async () => {
    const enclaveId = await load(`
      run: async (p, enclave) => { await enclave.ocall('log', Buffer.from('half\\u0000way')); return p; },
      bad: async () => { throw Object.assign(new Error('no'), { code: 'OWN' }); }`);
    const request = { enclaveId, payload: new Uint8Array(), deadlineMilliseconds: 0 };
    await world.client.callEnclave({ ...request, name: 'run' });
    const reading = collect(world.client.streamLogs({ enclaveId, onlyNew: false }));
    await world.client.callEnclave({ ...request, name: 'bad' }).catch(() => undefined);
    await world.client.terminateEnclave({ enclaveId });
    expect(texts(await reading)).toEqual([
      'LOADED written',
      'ECALL run',
      'LOG half way',
      'ECALL bad',
      'ECALL_FAILED bad ENCLAVE_ECALL_FAILED',
      'ENDED ENCLAVE_TERMINATED',
    ]);
  });

  it('ends when its reader goes away', async () => {
    const enclaveId = await load('run: async (p) => p');
    for await (const { kind } of world.client.streamLogs({ enclaveId, onlyNew: false })) {
      expect(kind).toBe('LOG_KIND_LOADED');
      break;
    }
    const abort = new AbortController();
    const waiting = collect(
      world.client.streamLogs({ enclaveId, onlyNew: true }, { signal: abort.signal }),
    );
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'RPC_CANCELLED' });
  });

  it('is refused for an enclave that is not there', async () => {
    const logs = world.client.streamLogs({ enclaveId: '0'.repeat(16), onlyNew: false });
    await expect(collect(logs)).rejects.toMatchObject({ code: 'HOST_ENCLAVE_UNKNOWN' });
  });
});

describe('several enclaves at once', () => {
  it('work beside each other, and one that dies takes nobody with it', async () => {
    const ids = await Promise.all(
      [0, 1, 2, 3].map((n) =>
        load(
          n === 0
            ? `run() { queueMicrotask(() => { throw new Error('out'); }); return new Promise(() => {}); }`
            : `run: async (p, enclave) => { await enclave.yield(); return p; }`,
        ),
      ),
    );
    const outcomes = await Promise.allSettled(
      ids.map((id) =>
        collect(
          world.client.callEnclaveStream([
            start(id),
            ...Array.from({ length: 20 }, (_, i) => ({ payload: Uint8Array.of(i) })),
          ]),
        ),
      ),
    );
    expect(outcomes.map(({ status }) => status)).toEqual([
      'rejected',
      'fulfilled',
      'fulfilled',
      'fulfilled',
    ]);
    expect((outcomes[0] as PromiseRejectedResult).reason).toMatchObject({
      code: 'ENCLAVE_CRASHED',
      status: 'ABORTED',
    });
  });
});
