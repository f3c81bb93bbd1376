import { fromUtf8, sha256, toHex } from '@touchstone/bytes';
import type { Logger } from '@touchstone/ports';
import { EnclaveHostError } from './enclave-host-error';
import { EventQueue } from './event-queue';
import { EnclaveJson } from './json-answers';
import type { Attester, HostedEnclave, KeyReleaser, Ocalls } from './ports';

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
  /** Base URL of the attestation provider, and id of the data key: both already allowed. */
  readonly provider: string;
  readonly keyId: string;
  readonly quoting: Ocalls;
  readonly attester: Attester;
  readonly releaser: KeyReleaser;
  readonly signal: AbortSignal;
  readonly deadlineMilliseconds: number;
  readonly logger: Logger;
}

const MAX_OCALL_JSON_BYTES = 1024 * 1024;
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
  #requestId = '';
  #failure: unknown;
  #left = false;

  constructor(options: TrainerRunOptions) {
    this.#options = options;
  }

  events(): AsyncIterable<TrainerEvent> {
    const { enclave, dataset, deadlineMilliseconds, quoting } = this.#options;
    const ocalls: Ocalls = {
      ...quoting,
      attest: (payload) => this.#remember(() => this.#attest(payload)),
      release: (payload) => this.#remember(() => this.#release(payload)),
      progress: (payload) => this.#remember(async () => this.#progress(payload)),
    };
    enclave.ecall('run', dataset, { deadlineMilliseconds, ocalls }).then(
      (answer) => this.#finish(answer),
      (error: unknown) => this.#queue.fail(this.#failure ?? error),
    );
    return this.#queue;
  }

  /** Nobody listens any more: the enclave hears so with its next report. */
  leave(): void {
    this.#left = true;
  }

  async #attest(payload: Uint8Array): Promise<Uint8Array> {
    const { attester, provider, logger } = this.#options;
    const asked = new EnclaveJson(payload, MAX_OCALL_JSON_BYTES);
    const quote = asked.bytes('quote');
    const runtimeData = { bytes: asked.bytes('runtimeData'), dataType: 'JSON' } as const;
    const { token, requestId } = await attester.attest(provider, { quote, runtimeData });
    logger.info('quote attested', { quote: toHex(sha256(quote)), provider, requestId });
    this.#requestId = requestId;
    return fromUtf8(token);
  }

  async #release(payload: Uint8Array): Promise<Uint8Array> {
    const { releaser, keyId, logger } = this.#options;
    const asked = new EnclaveJson(payload, MAX_OCALL_JSON_BYTES);
    const { value, requestId } = await releaser.release(keyId, {
      target: asked.text('token'),
      nonce: asked.text('nonce'),
      enc: asked.text('enc'),
    });
    logger.info('key released', { keyId, requestId });
    this.#requestId = requestId;
    return fromUtf8(value);
  }

  #progress(payload: Uint8Array): Uint8Array {
    if (this.#left || this.#options.signal.aborted) {
      throw new EnclaveHostError('HOST_RUN_CANCELLED', 'the caller has gone');
    }
    const report = new EnclaveJson(payload, MAX_OCALL_JSON_BYTES);
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
      requestId: stage === 'attested' || stage === 'released' ? this.#requestId : '',
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

  /** An enclave only learns the code of a failed OCALL; the caller shall hear the reason itself. */
  async #remember(work: () => Promise<Uint8Array>): Promise<Uint8Array> {
    try {
      return await work();
    } catch (error) {
      this.#failure ??= error;
      throw error;
    }
  }
}
