import { AsyncLocalStorage } from 'node:async_hooks';
import { fromUtf8, toUtf8 } from '@touchstone/bytes';
import { CodedError } from '@touchstone/errors';
import { startEnclaveWorker } from './enclave-worker';
import type { EnclaveWorkerOptions, RunningEnclave } from './enclave-worker';
import type { EnclaveInstructions } from './instruction-port';

const instructions: EnclaveInstructions = {
  ereport: (targetInfo, reportData) => Uint8Array.of(targetInfo.length & 0xff, ...reportData),
  egetkey: () => {
    throw new CodedError('SGX_INVALID_KEYNAME', 'no such key');
  },
};

const running: RunningEnclave[] = [];
async function start(
  source: string,
  options: Partial<EnclaveWorkerOptions> = {},
): Promise<RunningEnclave> {
  const enclave = await startEnclaveWorker({
    name: 'test',
    code: fromUtf8(source),
    instructions,
    heapMegabytes: 64,
    threads: 2,
    ...options,
  });
  running.push(enclave);
  return enclave;
}

/** An enclave with one ECALL, `run`, whose body is the given text and whose answer is JSON. */
const startBody = (body: string, options: Partial<EnclaveWorkerOptions> = {}) =>
  start(
    `exports.ecalls = { run: async (payload, enclave) => Buffer.from(JSON.stringify((await (async () => { ${body} })()) ?? null)) };`,
    options,
  );
const run = async (enclave: RunningEnclave, options = {}): Promise<unknown> =>
  JSON.parse(toUtf8(await enclave.ecall('run', new Uint8Array(), options)));

afterEach(async () => {
  await Promise.all(running.splice(0).map((enclave) => enclave.terminate()));
});

describe('an enclave in its worker', () => {
  it('answers an ECALL with bytes', async () => {
    const enclave = await start('exports.ecalls = { double: async (p) => p.map((b) => b * 2) };');
    expect(enclave.ecalls).toEqual(['double']);
    expect(await enclave.ecall('double', Uint8Array.of(1, 2, 3))).toEqual(Uint8Array.of(2, 4, 6));
  });

  it('reaches the host by the OCALLs of that one ECALL', async () => {
    const enclave = await startBody(`return (await enclave.ocall('add', Buffer.from([2, 3])))[0];`);
    const ocalls = { add: async (p: Uint8Array) => Uint8Array.of((p[0] ?? 0) + (p[1] ?? 0)) };
    expect(await run(enclave, { ocalls })).toBe(5);
    await expect(run(enclave)).rejects.toMatchObject({
      code: 'ENCLAVE_ECALL_FAILED',
      enclaveCode: 'ENCLAVE_OCALL_UNKNOWN',
    });
  });

  it('runs an OCALL in the context of whoever made the ECALL', async () => {
    const enclave = await startBody(`await enclave.ocall('look', Buffer.alloc(0));`);
    const callers = new AsyncLocalStorage<string>();
    let seen: string | undefined;
    const look = async () => {
      seen = callers.getStore();
      return new Uint8Array();
    };
    await callers.run('the caller', () => run(enclave, { ocalls: { look } }));
    expect(seen).toBe('the caller');
  });

  it('cannot call a member that every object has', async () => {
    const enclave = await startBody(`await enclave.ocall('constructor', Buffer.alloc(1));`);
    await expect(run(enclave)).rejects.toMatchObject({ enclaveCode: 'ENCLAVE_OCALL_UNKNOWN' });
    await expect(enclave.ecall('toString', new Uint8Array())).rejects.toMatchObject({
      code: 'ENCLAVE_ECALL_UNKNOWN',
    });
  });

  it('executes EREPORT through its own instructions', async () => {
    const enclave = await startBody(
      `return [...enclave.report(Buffer.alloc(512), Buffer.from([7, 8]))];`,
    );
    expect(await run(enclave)).toEqual([0, 7, 8]);
  });

  it('is ended also while it waits for the processor', async () => {
    let end: Promise<void> | undefined;
    const enclave = await startBody(`enclave.getKey(Buffer.alloc(512));`, {
      instructions: {
        ...instructions,
        egetkey: () => {
          end = enclave.terminate();
          return new Uint8Array(16);
        },
      },
    });
    await expect(run(enclave)).rejects.toMatchObject({ code: 'ENCLAVE_TERMINATED' });
    await end;
  });

  it('sees the code of a refused instruction', async () => {
    const enclave = await startBody(
      `try { enclave.getKey(Buffer.alloc(512)); } catch (error) { return error.code; }`,
    );
    expect(await run(enclave)).toBe('SGX_INVALID_KEYNAME');
  });

  it('goes on after an error of its own', async () => {
    const enclave = await start(
      `exports.ecalls = { bad: async () => { throw Object.assign(new Error('no'), { code: 'OWN' }); }, good: async (p) => p };`,
    );
    await expect(enclave.ecall('bad', new Uint8Array())).rejects.toMatchObject({
      code: 'ENCLAVE_ECALL_FAILED',
      enclaveCode: 'OWN',
    });
    expect(await enclave.ecall('good', Uint8Array.of(1))).toEqual(Uint8Array.of(1));
  });

  it('lets in as many ECALLs as it has threads', async () => {
    const enclave = await startBody(`await enclave.ocall('wait', Buffer.alloc(0));`, {
      threads: 1,
    });
    let release = (): void => undefined;
    const released = new Promise<Uint8Array>(
      (resolve) => (release = () => resolve(new Uint8Array())),
    );
    const first = run(enclave, { ocalls: { wait: () => released } });
    await expect(run(enclave)).rejects.toMatchObject({ code: 'ENCLAVE_OUT_OF_THREADS' });
    release();
    await first;
  });

  it('refuses code that is no UTF-8, no JavaScript, or no enclave', async () => {
    for (const code of [
      Uint8Array.of(0xff, 0xfe),
      fromUtf8('exports.ecalls = {'),
      fromUtf8('exports.ecalls = { a: 1 };'),
    ]) {
      await expect(start('', { code })).rejects.toMatchObject({ code: 'ENCLAVE_START_FAILED' });
    }
  });

  it('refuses code that does not come to its end', async () => {
    await expect(start('while (true);', { startDeadlineMilliseconds: 300 })).rejects.toMatchObject({
      code: 'ENCLAVE_START_FAILED',
    });
  });
});

describe('an enclave that fails', () => {
  it('ends alone when it loops, and says so to every caller', async () => {
    const looping = await startBody('while (true);');
    const other = await startBody('return 1;');
    await expect(run(looping, { deadlineMilliseconds: 200 })).rejects.toMatchObject({
      code: 'ENCLAVE_DEADLINE_EXCEEDED',
    });
    expect((await looping.ended).code).toBe('ENCLAVE_DEADLINE_EXCEEDED');
    await expect(run(looping)).rejects.toMatchObject({ code: 'ENCLAVE_DEADLINE_EXCEEDED' });
    expect(await run(other)).toBe(1);
  });

  it('ends alone when an exception leaves it', async () => {
    const enclave = await startBody(
      `queueMicrotask(() => { throw new Error('out'); }); await new Promise(() => undefined);`,
    );
    await expect(run(enclave)).rejects.toMatchObject({ code: 'ENCLAVE_CRASHED' });
  });

  it('ends alone when its heap is full', async () => {
    const enclave = await startBody(
      `const all = []; while (true) all.push(new Array(10_000).fill(all.length));`,
      {
        heapMegabytes: 16,
      },
    );
    await expect(run(enclave)).rejects.toMatchObject({ code: 'ENCLAVE_OUT_OF_MEMORY' });
  });

  it('tells open ECALLs that the host ended it', async () => {
    const enclave = await startBody(`await new Promise(() => undefined);`);
    const open = run(enclave);
    const refused = expect(open).rejects.toMatchObject({ code: 'ENCLAVE_TERMINATED' });
    await enclave.terminate();
    await refused;
  });

  it('aborts the OCALLs of an ECALL that is over', async () => {
    const enclave = await startBody(`await enclave.ocall('wait', Buffer.alloc(0));`);
    let seen: AbortSignal | undefined;
    const wait = (_payload: Uint8Array, signal: AbortSignal) => {
      seen = signal;
      return new Promise<Uint8Array>(() => undefined);
    };
    await expect(run(enclave, { deadlineMilliseconds: 300, ocalls: { wait } })).rejects.toThrow();
    expect(seen?.aborted).toBe(true);
  });
});

describe('what an enclave can reach', () => {
  it.each([
    ['process', `return typeof process;`],
    ['process through globalThis', `return typeof globalThis.process;`],
    ['fetch', `return typeof fetch;`],
    ['a worker of its own', `return typeof Worker;`],
    ['timers', `return typeof setTimeout;`],
    ['console', `return typeof console;`],
    ['shared memory', `return typeof SharedArrayBuffer;`],
    ['WebAssembly', `return typeof WebAssembly;`],
    ['process through a new function', `return Function('return typeof process')();`],
    ['the loader of the engine setting', `return typeof require('node:crypto').setEngine;`],
  ])('is not %s', async (_what, body) => {
    expect(await run(await startBody(body))).toBe('undefined');
  });

  it.each([
    'node:fs',
    'node:net',
    'node:child_process',
    'node:worker_threads',
    'node:vm',
    'node:process',
    './x',
  ])('is not the module %s', async (id) => {
    const enclave = await startBody(
      `try { require('${id}'); } catch (error) { return error.code; }`,
    );
    expect(await run(enclave)).toBe('ENCLAVE_MODULE_REFUSED');
  });

  it.each([
    ['import()', `return import('node:fs');`],
    ['import() in a new function', `return new Function('return import("node:fs")')();`],
    ['import() in eval', `return (0, eval)('import("node:fs")');`],
    [
      'import() through a constructor of crypto',
      `return require('node:crypto').createHash.constructor('return import("node:fs")')();`,
    ],
  ])('is not a module by %s', async (_what, body) => {
    const enclave = await startBody(
      `try { return Object.keys(await (async () => { ${body} })()).length; } catch (error) { return 'refused'; }`,
    );
    expect(await run(enclave)).toBe('refused');
  });

  it('is not process through prototypes that Node itself looks things up on', async () => {
    const enclave = await startBody(`
      let seen = 'nothing';
      const look = function () { if (this && typeof this.emitWarning === 'function') seen = 'process'; };
      for (const name of ['domain', 'noDeprecation', 'traceDeprecation', 'exitCode', '_exiting', 'emit', 'on']) {
        Object.defineProperty(Object.prototype, name, { configurable: true, get: look, set: look });
      }
      let emitter = require('crypto').createHash('sha256');
      while (Object.getPrototypeOf(emitter) !== Object.prototype) emitter = Object.getPrototypeOf(emitter);
      for (const name of ['emit', 'on', 'listenerCount']) {
        const original = emitter[name];
        emitter[name] = function (...args) { look.call(this); return original.apply(this, args); };
      }
      Promise.reject(new Error('unhandled')).catch(() => undefined);
      await enclave.yield();
      return seen;`);
    expect(await run(enclave)).toBe('nothing');
  });

  it('is node:crypto, frozen', async () => {
    const body = `
      const crypto = require('crypto');
      const pair = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
      const secret = crypto.publicEncrypt(pair.publicKey, Buffer.from('kept'));
      return [crypto.privateDecrypt(pair.privateKey, secret).toString(), Object.isFrozen(crypto)];`;
    expect(await run(await startBody(body))).toEqual(['kept', true]);
  });
});

describe('what a host can reach', () => {
  it('has three doors and no window', async () => {
    const enclave = await start(
      `const key = require('node:crypto').randomBytes(32); exports.ecalls = { id: async (p) => p }; exports.key = key;`,
    );
    expect(Reflect.ownKeys(enclave).sort()).toEqual(['ecall', 'ecalls', 'ended', 'terminate']);
    expect(Object.getPrototypeOf(enclave)).toBe(Object.prototype);
    await expect(enclave.ecall('key', new Uint8Array())).rejects.toMatchObject({
      code: 'ENCLAVE_ECALL_UNKNOWN',
    });
  });

  it('gets the bytes of an answer and none of the memory around them', async () => {
    const enclave = await startBody(
      `const secret = Buffer.from('a secret in the pool'); return (await enclave.ocall('look', Buffer.from('public')))[0];`,
    );
    const seen: number[] = [];
    const look = async (payload: Uint8Array) => {
      seen.push(payload.byteLength, payload.buffer.byteLength);
      return new Uint8Array(1);
    };
    await run(enclave, { ocalls: { look } });
    expect(seen).toEqual([6, 6]);
  });

  it('gets no larger message than is allowed', async () => {
    const enclave = await startBody(
      `await enclave.ocall('look', new Uint8Array(65 * 1024 * 1024));`,
    );
    await expect(run(enclave)).rejects.toMatchObject({ enclaveCode: 'ENCLAVE_MESSAGE_TOO_LARGE' });
    await expect(enclave.ecall('run', new Uint8Array(65 * 1024 * 1024))).rejects.toMatchObject({
      code: 'ENCLAVE_MESSAGE_TOO_LARGE',
    });
  });

  it('cannot change the code between measuring and running by keeping a reference', async () => {
    const code = fromUtf8('exports.ecalls = { run: async () => Buffer.from([1]) };');
    const starting = start('', { code });
    code.fill(0x20);
    const enclave = await starting;
    expect(await enclave.ecall('run', new Uint8Array())).toEqual(Uint8Array.of(1));
  });
});
