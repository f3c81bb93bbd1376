import { EnclaveHostError } from './enclave-host-error';
import type { Errands } from './errands';
import { EventQueue } from './event-queue';
import { EnclaveJson } from './json-answers';
import type { HostedEnclave, Ocalls } from './ports';

export const TRAINER_STAGES = [
  'quoted',
  'attested',
  'released',
  'decrypted',
  'training',
  'evaluated',
] as const;
export type TrainerStage = (typeof TRAINER_STAGES)[number];

export interface TrainerProgress {
  readonly kind: 'progress';
  readonly stage: TrainerStage;
  readonly epoch: number;
  readonly epochs: number;
  readonly loss: number;
  /** Of the other party's answer, at the stages `attested` and `released`; else empty. */
  readonly requestId: string;
}

export interface TrainerResult {
  readonly kind: 'result';
  readonly accuracy: number;
  readonly trainingLoss: number;
  readonly trainingSamples: number;
  readonly heldOutSamples: number;
  readonly epochs: number;
  readonly encryptedModel: Uint8Array;
}

export type TrainerEvent = TrainerProgress | TrainerResult;

export interface TrainerRunOptions {
  readonly enclave: HostedEnclave;
  readonly dataset: Uint8Array;
  /** Errands for the provider and the data key that the caller named, and what the run does beside. */
  readonly errandsWith: (beside: Ocalls) => Errands;
  readonly signal: AbortSignal;
  readonly deadlineMilliseconds: number;
}

const MAX_PROGRESS_JSON_BYTES = 1024;
const MAX_RESULT_JSON_BYTES = 16 * 1024 * 1024;

/**
 * One run of a trainer enclave. The host carries the enclave's requests to the attestation service and to the vault; what it
 * carries, it cannot read or change to any use. Ends with the result, or fails with the refusal that stopped the enclave.
 */
export async function* runTrainer(options: TrainerRunOptions): AsyncGenerator<TrainerEvent> {
  const run = new TrainerRun(options);
  try {
    yield* run.events();
  } finally {
    run.leave();
  }
}

class TrainerRun {
  readonly #options: TrainerRunOptions;
  readonly #queue = new EventQueue<TrainerEvent>();
  readonly #errands: Errands;
  #left = false;

  constructor(options: TrainerRunOptions) {
    this.#options = options;
    this.#errands = options.errandsWith({
      progress: async (payload) => this.#progress(payload),
    });
  }

  events(): AsyncIterable<TrainerEvent> {
    const { enclave, dataset, deadlineMilliseconds } = this.#options;
    const { ocalls } = this.#errands;
    enclave.ecall('run', dataset, { deadlineMilliseconds, ocalls }).then(
      (answer) => this.#finish(answer),
      (error: unknown) => this.#queue.fail(this.#errands.reasonOf(error)),
    );
    return this.#queue;
  }

  /** Nobody listens any more: the enclave hears so with its next report. */
  leave(): void {
    this.#left = true;
  }

  #progress(payload: Uint8Array): Uint8Array {
    if (this.#left || this.#options.signal.aborted) {
      throw new EnclaveHostError('HOST_RUN_CANCELLED', 'the caller has gone');
    }
    const report = new EnclaveJson(payload, MAX_PROGRESS_JSON_BYTES);
    const stage = TRAINER_STAGES.find((one) => one === report.text('stage'));
    if (stage === undefined) {
      throw new EnclaveHostError('HOST_ENCLAVE_ANSWER', 'there is no such stage', {
        field: 'stage',
      });
    }
    this.#queue.push({
      kind: 'progress',
      stage,
      epoch: report.count('epoch'),
      epochs: report.count('epochs'),
      loss: report.number('loss'),
      requestId: stage === 'attested' || stage === 'released' ? this.#errands.requestId() : '',
    });
    return new Uint8Array();
  }

  #finish(answer: Uint8Array): void {
    try {
      const result = new EnclaveJson(answer, MAX_RESULT_JSON_BYTES);
      this.#queue.push({
        kind: 'result',
        accuracy: result.number('accuracy'),
        trainingLoss: result.number('trainingLoss'),
        trainingSamples: result.count('trainingSamples'),
        heldOutSamples: result.count('heldOutSamples'),
        epochs: result.count('epochs'),
        encryptedModel: result.bytes('encryptedModel'),
      });
      this.#queue.end();
    } catch (error) {
      this.#queue.fail(error);
    }
  }
}
