import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { credentials } from '@grpc/grpc-js';
import { CodedError } from '@touchstone/errors';
import { openLocalCa } from '@touchstone/tls';
import type { LocalCa } from '@touchstone/tls';
import { createEnclaveHostClient } from './client';
import type { EnclaveHostClient, EnclaveHostClientOptions } from './client';
import { SERVICE_NAME } from './definition';
import { checkHealth } from './health';
import type {
  EnclaveSummary,
  LoadEnclaveRequest,
  RunTrainerEvent,
  RunTrainerRequest,
} from './messages';
import { createEnclaveHostServer } from './server';
import type { EnclaveHostHandlers, EnclaveHostServer, EnclaveHostServerOptions } from './server';

const summary: EnclaveSummary = {
  id: 'e1',
  name: 'trainer',
  mrEnclave: new Uint8Array(32).fill(1),
  mrSigner: new Uint8Array(32).fill(2),
  productId: 3,
  svn: 4,
  debug: true,
  state: 'ENCLAVE_STATE_RUNNING',
  endCode: '',
  loadedAt: 1_700_000_000,
  configId: new Uint8Array(64),
  configSvn: 7,
};

class Refused extends CodedError {
  readonly refusal = { by: 'key-vault', status: 403, code: 'Forbidden', requestId: 'r-1' };
}

async function* echo(requests: AsyncIterable<RunTrainerRequest>): AsyncGenerator<RunTrainerEvent> {
  let epoch = 0;
  for await (const { chunk } of requests) {
    if (chunk) yield progress(++epoch, chunk.length);
  }
}
const progress = (epoch: number, loss: number): RunTrainerEvent => ({
  progress: { stage: 'TRAINER_STAGE_TRAINING', epoch, epochs: 9, loss, requestId: '' },
});

const handlers: EnclaveHostHandlers = {
  getPlatformInfo: () => Promise.reject(new Error('a detail for the log')),
  renewPckCertificate: () => Promise.reject(new Error('a detail for the log')),
  loadEnclave: async () => summary,
  listEnclaves: async () => ({ enclaves: [summary] }),
  terminateEnclave: () =>
    Promise.reject(new CodedError('ENCLAVE_NOT_FOUND', 'no such enclave', { field: 'enclave_id' })),
  callEnclave: async ({ payload }) => ({ payload }),
  async *callEnclaveStream(requests) {
    for await (const { payload } of requests) if (payload) yield { payload };
  },
  async *streamLogs({ enclaveId }) {
    yield { time: 1, kind: 'LOG_KIND_LOG', text: enclaveId, dropped: 0 };
  },
  getReport: async () => ({ report: new Uint8Array(432) }),
  getQuote: async ({ report }) => ({ quote: report }),
  getEvidence: () => new Promise(() => undefined),
  attest: () => Promise.reject(new Refused('RELEASE_REFUSED', 'the vault refused — no')),
  runTrainer: echo,
};

const statuses = { ENCLAVE_NOT_FOUND: 'NOT_FOUND', RELEASE_REFUSED: 'PERMISSION_DENIED' } as const;

let home: string;
let ca: LocalCa;
const closing: (() => Promise<void> | void)[] = [];

beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'enclave-rpc-'));
  ca = await openLocalCa(home);
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
afterAll(() => rm(home, { recursive: true }));

async function serve(
  changed: Partial<EnclaveHostHandlers> = {},
  options: Partial<EnclaveHostServerOptions> = {},
): Promise<{ url: string; server: EnclaveHostServer }> {
  const server = createEnclaveHostServer({ ...handlers, ...changed }, { statuses, ...options });
  const tls = await ca.certificateFor({ service: 'enclave-host' });
  const { url } = await server.listen({ host: '127.0.0.1', port: 0, tls });
  closing.push(() => server.close());
  return { url, server };
}

function connect(url: string, options: Partial<EnclaveHostClientOptions> = {}): EnclaveHostClient {
  const client = createEnclaveHostClient({ url, ca: ca.pem, ...options });
  closing.push(() => client.close());
  return client;
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe('a unary call', () => {
  it('carries every member of its messages', async () => {
    const seen: LoadEnclaveRequest[] = [];
    const { url } = await serve({
      loadEnclave: async (request) => {
        seen.push(request);
        return summary;
      },
    });
    const bundle = {
      name: 'n',
      code: Uint8Array.of(1),
      manifest: Uint8Array.of(2),
      sigstruct: Uint8Array.of(3),
    };
    const noConfig = { configId: new Uint8Array(), configSvn: 0 };
    const client = connect(url);
    expect(bytesOf(await client.loadEnclave({ bundle, debug: true }))).toEqual(bytesOf(summary));
    await client.loadEnclave({ image: 'trainer', debug: false });
    expect(seen.map(bytesOf)).toEqual([
      bytesOf({ ...noConfig, bundle, debug: true, source: 'bundle' }),
      bytesOf({ ...noConfig, image: 'trainer', debug: false, source: 'image' }),
    ]);
  });

  it('tells an absent runtime data from an empty one', async () => {
    const seen: (Uint8Array | undefined)[] = [];
    const { url } = await serve({
      attest: async ({ runtimeData }) => {
        seen.push(runtimeData);
        return { token: 't', requestId: 'r' };
      },
    });
    const request = {
      quote: new Uint8Array(),
      runtimeDataType: 'RUNTIME_DATA_TYPE_JSON' as const,
      attestationUrl: '',
    };
    await connect(url).attest(request);
    await connect(url).attest({ ...request, runtimeData: new Uint8Array() });
    expect(seen.map((value) => value?.length)).toEqual([undefined, 0]);
  });
});

describe('a failed call', () => {
  it('carries the code and the field at fault', async () => {
    const { url } = await serve();
    await expect(connect(url).terminateEnclave({ enclaveId: 'x' })).rejects.toMatchObject({
      code: 'ENCLAVE_NOT_FOUND',
      field: 'enclave_id',
      status: 'NOT_FOUND',
    });
  });

  it('carries the code that an enclave gave', async () => {
    const error = Object.assign(new CodedError('ENCLAVE_NOT_FOUND', 'no'), { enclaveCode: 'OWN' });
    const { url } = await serve({ terminateEnclave: () => Promise.reject(error) });
    await expect(connect(url).terminateEnclave({ enclaveId: 'x' })).rejects.toMatchObject({
      enclaveCode: 'OWN',
    });
  });

  it('carries the refusal of another party', async () => {
    const { url } = await serve();
    const request = {
      quote: new Uint8Array(),
      runtimeDataType: 'RUNTIME_DATA_TYPE_JSON' as const,
      attestationUrl: '',
    };
    await expect(connect(url).attest(request)).rejects.toMatchObject({
      code: 'RELEASE_REFUSED',
      status: 'PERMISSION_DENIED',
      refusal: { by: 'key-vault', status: 403, code: 'Forbidden', requestId: 'r-1' },
    });
  });

  it('says nothing about an error that nobody foresaw, but tells the log', async () => {
    const unforeseen: unknown[] = [];
    const { url } = await serve({}, { onUnforeseen: (error) => unforeseen.push(error) });
    await expect(connect(url).getPlatformInfo({})).rejects.toMatchObject({
      code: 'RPC_INTERNAL',
      message: 'internal error',
    });
    expect(unforeseen).toHaveLength(1);
  });

  it('is RPC_RESOURCE_EXHAUSTED when the message is too large', async () => {
    const { url } = await serve();
    const request = { enclaveId: 'e', name: 'n', deadlineMilliseconds: 0 };
    const payload = new Uint8Array(8 * 1024 * 1024 + 1);
    await expect(connect(url).callEnclave({ ...request, payload })).rejects.toMatchObject({
      code: 'RPC_RESOURCE_EXHAUSTED',
    });
  });

  it('is RPC_DEADLINE_EXCEEDED when its deadline passes, and the handler is told', async () => {
    let aborted: Promise<unknown> = Promise.resolve();
    const { url } = await serve({
      getEvidence: (_request, { signal }) => {
        aborted = new Promise((resolve) => signal.addEventListener('abort', resolve));
        return new Promise(() => undefined);
      },
    });
    const client = connect(url, { deadlineMilliseconds: 150 });
    await expect(
      client.getEvidence({ enclaveId: 'e', nonce: new Uint8Array() }),
    ).rejects.toMatchObject({
      code: 'RPC_DEADLINE_EXCEEDED',
    });
    await aborted;
  });

  it('ends at the limit of the server even when its caller would wait', async () => {
    const { url } = await serve({}, { callLimits: { getEvidence: 50 } });
    await expect(
      connect(url).getEvidence({ enclaveId: 'e', nonce: new Uint8Array() }),
    ).rejects.toMatchObject({ status: 'DEADLINE_EXCEEDED' });
  });

  it('is RPC_CANCELLED when its caller gives up', async () => {
    const { url } = await serve();
    const abort = new AbortController();
    const call = connect(url).getEvidence(
      { enclaveId: 'e', nonce: new Uint8Array() },
      { signal: abort.signal },
    );
    abort.abort();
    await expect(call).rejects.toMatchObject({ code: 'RPC_CANCELLED' });
  });
});

describe('a stream', () => {
  it('answers while it is sent', async () => {
    const { url } = await serve();
    const chunks = [3, 1, 2].map((length) => ({ chunk: new Uint8Array(length) }));
    const events = await collect(connect(url).runTrainer(chunks));
    expect(events.map(({ progress: step }) => step?.loss)).toEqual([3, 1, 2]);
  });

  it('ends with the status of its failure, even before all is sent', async () => {
    const { url } = await serve({
      async *runTrainer() {
        yield progress(1, 0.5);
        throw new Refused('RELEASE_REFUSED', 'no');
      },
    });
    const events: RunTrainerEvent[] = [];
    const endless = async function* () {
      for (;;) yield { chunk: new Uint8Array(64 * 1024) };
    };
    const run = async () => {
      for await (const event of connect(url).runTrainer(endless())) events.push(event);
    };
    await expect(run()).rejects.toMatchObject({
      code: 'RELEASE_REFUSED',
      refusal: { status: 403 },
    });
    expect(events).toHaveLength(1);
  });

  it('ends the wait of a handler for more when its caller gives up', async () => {
    let told = (): void => undefined;
    const ended = new Promise<void>((resolve) => (told = resolve));
    const { url } = await serve({
      async *runTrainer(requests) {
        try {
          for await (const { chunk } of requests) if (chunk) yield progress(1, 1);
        } finally {
          told();
        }
      },
    });
    const stalled = async function* () {
      yield { chunk: new Uint8Array(1) };
      await new Promise(() => undefined);
    };
    const abort = new AbortController();
    const run = async () => {
      const events = connect(url).runTrainer(stalled(), { signal: abort.signal });
      for await (const event of events) if (event.progress) abort.abort();
    };
    await expect(run()).rejects.toMatchObject({ code: 'RPC_CANCELLED' });
    await ended;
  });

  it('tells the handler when its caller stops reading', async () => {
    let aborted: Promise<unknown> = Promise.resolve();
    const { url } = await serve({
      async *runTrainer(_requests, { signal }) {
        aborted = new Promise((resolve) => signal.addEventListener('abort', resolve));
        for (let epoch = 1; ; epoch++) {
          yield progress(epoch, 1);
          await new Promise((resolve) => setImmediate(resolve));
        }
      },
    });
    for await (const event of connect(url).runTrainer([])) if (event.progress) break;
    await aborted;
  });
});

describe('what runs around every call', () => {
  it('reads the trace context of the caller and may send one back', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const seen: (string | undefined)[] = [];
    const { url } = await serve(
      {},
      {
        around: (context, run) => {
          seen.push(context.method, context.traceparent);
          context.sendTraceparent(traceparent);
          return run();
        },
      },
    );
    await connect(url, { traceparent: () => traceparent }).listEnclaves({});
    expect(seen).toEqual(['listEnclaves', traceparent]);
  });
});

describe('beside the service', () => {
  it('answers the standard health check', async () => {
    const { url, server } = await serve();
    expect(await checkHealth({ url, ca: ca.pem })).toBe('NOT_SERVING');
    server.setServing(true);
    expect(await checkHealth({ url, ca: ca.pem, service: SERVICE_NAME })).toBe('SERVING');
  });

  it('trusts no other certificate authority', async () => {
    const { url } = await serve();
    const other = await openLocalCa(path.join(home, 'other'));
    await expect(checkHealth({ url, ca: other.pem })).rejects.toMatchObject({
      code: 'RPC_UNAVAILABLE',
    });
  });

  it('speaks TLS only', async () => {
    const { url } = await serve();
    const { Client } = await import('@grpc/grpc-js');
    const plain = new Client(url.replace('https://', ''), credentials.createInsecure());
    closing.push(() => plain.close());
    const ready = new Promise((resolve, reject) =>
      plain.waitForReady(Date.now() + 500, (error) => (error ? reject(error) : resolve('ready'))),
    );
    await expect(ready).rejects.toThrow();
  });
});

/** Buffers and typed arrays compare as lists. */
function bytesOf(value: object): unknown {
  return JSON.parse(
    JSON.stringify(value, (_key, member: unknown) => {
      if (member instanceof Uint8Array) return [...member];
      if (typeof member === 'object' && member !== null && 'data' in member) return member.data;
      return member;
    }),
  );
}
