import { AsyncResource } from 'node:async_hooks';
import { MessageChannel, Worker } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { CodedError } from '@touchstone/errors';
import { ALLOWED_GLOBALS, ALLOWED_MODULES, KEPT_PROCESS_MEMBERS } from './allowlist';
import { BOOTSTRAP } from './bootstrap';
import { EnclaveWorkerError } from './enclave-worker-error';
import { InstructionPort } from './instruction-port';
import type { EnclaveInstructions } from './instruction-port';
import {
  MAX_ERROR_CHARACTERS,
  MAX_MESSAGE_BYTES,
  MAX_NAME_CHARACTERS,
  MAX_OPEN_OCALLS,
  readFromEnclave,
} from './protocol';
import { refusalOf } from './refusal';
import type { FromEnclave, ToEnclave } from './protocol';

/** What the host does for an enclave while one ECALL runs. `signal` aborts when that ECALL is over. */
export type Ocalls = Readonly<
  Record<string, (payload: Uint8Array, signal: AbortSignal) => Promise<Uint8Array>>
>;

export interface EnclaveWorkerOptions {
  /** For stack traces only. */
  readonly name: string;
  /** The measured bytes: UTF-8 text of a CommonJS module that exports `ecalls`. */
  readonly code: Uint8Array;
  readonly instructions: EnclaveInstructions;
  /** Limit of the JavaScript heap. */
  readonly heapMegabytes: number;
  /** ECALLs that may be inside at a time. */
  readonly threads: number;
  readonly startDeadlineMilliseconds?: number;
}

export interface EcallOptions {
  readonly deadlineMilliseconds?: number;
  readonly ocalls?: Ocalls;
}

/** A running enclave as its host has it: a few doors, and no window. */
export interface RunningEnclave {
  /** Names of the ECALLs that it exports. */
  readonly ecalls: readonly string[];
  /** Fails with `EnclaveWorkerError`. */
  ecall(name: string, payload: Uint8Array, options?: EcallOptions): Promise<Uint8Array>;
  terminate(): Promise<void>;
  /** Settles with the reason when the enclave has ended, however it did. */
  readonly ended: Promise<EnclaveWorkerError>;
}

const DEFAULT_START_DEADLINE_MILLISECONDS = 10_000;
const DEFAULT_ECALL_DEADLINE_MILLISECONDS = 30_000;
const YOUNG_GENERATION_MEGABYTES = 16;
const STACK_MEGABYTES = 4;

/** Starts enclave code in a worker of its own. Fails with ENCLAVE_START_FAILED, or with the reason of an early end. */
export async function startEnclaveWorker(options: EnclaveWorkerOptions): Promise<RunningEnclave> {
  const enclave = new EnclaveWorker(options);
  const ecalls = await enclave.start(
    options.startDeadlineMilliseconds ?? DEFAULT_START_DEADLINE_MILLISECONDS,
  );
  return Object.freeze({
    ecalls,
    ecall: (name: string, payload: Uint8Array, call: EcallOptions = {}) =>
      enclave.ecall(name, payload, call),
    terminate: () => enclave.terminate(),
    ended: enclave.ended,
  });
}

interface OpenEcall {
  readonly resolve: (payload: Uint8Array) => void;
  readonly reject: (error: EnclaveWorkerError) => void;
  readonly ocalls: Ocalls;
  readonly over: AbortController;
  /** Runs something in the asynchronous context of the ECALL's caller, whose trace its OCALLs carry on. */
  readonly inContext: AsyncResource;
}

/** The worker and its port stay private to this object: `Worker.getHeapSnapshot` alone would show the heap. */
class EnclaveWorker {
  readonly ended: Promise<EnclaveWorkerError>;
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #instructions: InstructionPort;
  readonly #threads: number;
  readonly #open = new Map<number, OpenEcall>();
  #ecalls: readonly string[] | undefined;
  #lastId = 0;
  #end: EnclaveWorkerError | undefined;
  #settleEnded: (end: EnclaveWorkerError) => void = () => undefined;
  #settleReady: (() => void) | undefined;

  constructor(options: EnclaveWorkerOptions) {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#instructions = new InstructionPort(options.instructions, () =>
      this.#finish(crashed('the enclave asked for no instruction')),
    );
    this.#threads = options.threads;
    this.ended = new Promise((resolve) => (this.#settleEnded = resolve));
    this.#worker = new Worker(BOOTSTRAP, {
      eval: true,
      name: options.name,
      env: {},
      argv: [],
      execArgv: [],
      stdin: false,
      stdout: true,
      stderr: true,
      workerData: workerData(options, port2, this.#instructions.inside),
      transferList: [port2, this.#instructions.inside.port],
      resourceLimits: {
        maxOldGenerationSizeMb: options.heapMegabytes,
        maxYoungGenerationSizeMb: YOUNG_GENERATION_MEGABYTES,
        stackSizeMb: STACK_MEGABYTES,
      },
    });
    this.#worker.stdout.resume();
    this.#worker.stderr.resume();
    this.#worker.on('error', (error) => this.#finish(endOf(error, this.#ecalls === undefined)));
    this.#worker.on('exit', () => this.#finish(crashed('the enclave stopped')));
    this.#port.on('message', (message: unknown) => this.#receive(readFromEnclave(message)));
    this.#port.on('messageerror', () => this.#receive(undefined));
  }

  async start(deadlineMilliseconds: number): Promise<readonly string[]> {
    const late = setTimeout(
      () =>
        this.#finish(
          new EnclaveWorkerError('ENCLAVE_START_FAILED', 'the enclave did not start in time'),
        ),
      deadlineMilliseconds,
    );
    const ready = new Promise<undefined>(
      (resolve) => (this.#settleReady = () => resolve(undefined)),
    );
    const end = await Promise.race([ready, this.ended]);
    clearTimeout(late);
    if (end !== undefined) throw end;
    return this.#ecalls ?? [];
  }

  async ecall(name: string, payload: Uint8Array, options: EcallOptions): Promise<Uint8Array> {
    if (this.#end !== undefined) throw again(this.#end);
    if (this.#ecalls?.includes(name) !== true) {
      throw new EnclaveWorkerError('ENCLAVE_ECALL_UNKNOWN', 'the enclave has no such ECALL', {
        field: 'name',
      });
    }
    if (payload.byteLength > MAX_MESSAGE_BYTES) {
      throw new EnclaveWorkerError('ENCLAVE_MESSAGE_TOO_LARGE', 'the payload is too large', {
        field: 'payload',
      });
    }
    if (this.#open.size >= this.#threads) {
      throw new EnclaveWorkerError(
        'ENCLAVE_OUT_OF_THREADS',
        'all threads of the enclave are taken',
      );
    }
    const id = ++this.#lastId;
    const over = new AbortController();
    const late = setTimeout(
      () =>
        this.#finish(
          new EnclaveWorkerError('ENCLAVE_DEADLINE_EXCEEDED', `${name} did not return in time`),
        ),
      options.deadlineMilliseconds ?? DEFAULT_ECALL_DEADLINE_MILLISECONDS,
    );
    try {
      return await new Promise<Uint8Array>((resolve, reject) => {
        const inContext = new AsyncResource('ENCLAVE_ECALL');
        this.#open.set(id, { resolve, reject, ocalls: options.ocalls ?? {}, over, inContext });
        this.#post({ kind: 'ecall', id, name, payload: Uint8Array.from(payload) });
      });
    } finally {
      clearTimeout(late);
      this.#open.delete(id);
      over.abort();
    }
  }

  async terminate(): Promise<void> {
    this.#finish(new EnclaveWorkerError('ENCLAVE_TERMINATED', 'the host ended the enclave'));
    await this.#worker.terminate();
  }

  #receive(message: FromEnclave | undefined): void {
    if (this.#end !== undefined) return;
    switch (message?.kind) {
      case 'ready':
        if (this.#ecalls === undefined) {
          this.#ecalls = message.ecalls;
          this.#settleReady?.();
        }
        return;
      case 'returned':
        this.#open.get(message.id)?.resolve(message.payload);
        return;
      case 'threw':
        this.#open.get(message.id)?.reject(
          new EnclaveWorkerError('ENCLAVE_ECALL_FAILED', message.message, {
            enclaveCode: message.code,
          }),
        );
        return;
      case 'ocall':
        void this.#answer(message.id, () =>
          this.#ocall(message.ecall, message.name, message.payload),
        );
        return;
      default:
        this.#finish(crashed('the enclave broke the rules of its port'));
    }
  }

  #ocall(ecall: number, name: string, payload: Uint8Array): Promise<Uint8Array> {
    const open = this.#open.get(ecall);
    const handler =
      open !== undefined && Object.hasOwn(open.ocalls, name) ? open.ocalls[name] : undefined;
    if (open === undefined || handler === undefined) return Promise.reject(new OcallUnknown());
    return open.inContext.runInAsyncScope(handler, undefined, payload, open.over.signal);
  }

  async #answer(id: number, work: () => Promise<Uint8Array>): Promise<void> {
    try {
      const payload = await work();
      this.#post({ kind: 'answer', id, payload: Uint8Array.from(payload) });
    } catch (error) {
      this.#post({ id, ...refusalOf(error) });
    }
  }

  #post(message: ToEnclave): void {
    if (this.#end === undefined) this.#port.postMessage(message);
  }

  #finish(end: EnclaveWorkerError): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    for (const open of this.#open.values()) open.reject(again(end));
    this.#settleEnded(end);
    this.#port.close();
    this.#instructions.close();
    void this.#worker.terminate();
  }
}

class OcallUnknown extends CodedError<'ENCLAVE_OCALL_UNKNOWN'> {
  constructor() {
    super('ENCLAVE_OCALL_UNKNOWN', 'the host has no such OCALL here');
  }
}

function workerData(
  { code, name }: EnclaveWorkerOptions,
  port: MessagePort,
  processor: InstructionPort['inside'],
) {
  return {
    code: Uint8Array.from(code),
    name,
    port,
    processor,
    allowed: {
      modules: ALLOWED_MODULES,
      globals: ALLOWED_GLOBALS,
      processMembers: KEPT_PROCESS_MEMBERS,
    },
    limits: {
      messageBytes: MAX_MESSAGE_BYTES,
      nameCharacters: MAX_NAME_CHARACTERS,
      errorCharacters: MAX_ERROR_CHARACTERS,
      openOcalls: MAX_OPEN_OCALLS,
    },
  };
}

const crashed = (message: string, cause?: unknown): EnclaveWorkerError =>
  new EnclaveWorkerError('ENCLAVE_CRASHED', message, { cause });

function endOf(error: unknown, starting: boolean): EnclaveWorkerError {
  if (codeOf(error) === 'ERR_WORKER_OUT_OF_MEMORY') {
    return new EnclaveWorkerError('ENCLAVE_OUT_OF_MEMORY', 'the heap of the enclave is full');
  }
  if (!starting) return crashed('an exception left the enclave', error);
  return new EnclaveWorkerError('ENCLAVE_START_FAILED', 'the code yields no enclave', {
    cause: error,
  });
}

const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;

/** The same reason for one more caller, with a stack of its own. */
const again = (end: EnclaveWorkerError): EnclaveWorkerError =>
  new EnclaveWorkerError(end.code, end.message, { cause: end.cause });
