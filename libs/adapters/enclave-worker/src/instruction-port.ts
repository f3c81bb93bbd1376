import { MessageChannel } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { CodedError } from '@touchstone/errors';
import type { InstructionAnswer } from './protocol';
import { readInstruction } from './protocol';
import { refusalOf } from './refusal';

/** What the processor does for this enclave and no other: 512-byte TARGETINFO and KEYREQUEST, 64-byte REPORTDATA. */
export interface EnclaveInstructions {
  /** A REPORT, 432 bytes. */
  ereport(targetInfo: Uint8Array, reportData: Uint8Array): Uint8Array;
  /** A key, 16 bytes. */
  egetkey(keyRequest: Uint8Array): Uint8Array;
}

/**
 * The processor's side of one enclave: takes an instruction, executes it, and wakes the worker, which stands still from the
 * one to the other. The answer is in the port's queue before the worker is woken.
 */
export class InstructionPort {
  /** For the worker: the port, and the word that says whether its answer is there. */
  readonly inside: { readonly port: MessagePort; readonly answered: Int32Array };
  readonly #outside: MessagePort;
  readonly #instructions: EnclaveInstructions;

  constructor(instructions: EnclaveInstructions, broken: () => void) {
    const { port1, port2 } = new MessageChannel();
    this.#instructions = instructions;
    this.#outside = port1;
    this.inside = { port: port2, answered: new Int32Array(new SharedArrayBuffer(4)) };
    port1.on('message', (message: unknown) => {
      const instruction = readInstruction(message);
      if (instruction === undefined) return broken();
      this.#answer(this.#execute(instruction.name, instruction.operands));
    });
    port1.on('messageerror', broken);
  }

  close(): void {
    this.#outside.close();
  }

  #execute(name: 'EREPORT' | 'EGETKEY', operands: readonly Uint8Array[]): InstructionAnswer {
    try {
      const [first, second] = operands;
      if (name === 'EREPORT' && first && second) {
        return answer(this.#instructions.ereport(first, second));
      }
      if (name === 'EGETKEY' && first && !second) return answer(this.#instructions.egetkey(first));
      throw new OperandsWrong();
    } catch (error) {
      return refusalOf(error);
    }
  }

  #answer(message: InstructionAnswer): void {
    this.#outside.postMessage(message);
    Atomics.store(this.inside.answered, 0, 1);
    Atomics.notify(this.inside.answered, 0);
  }
}

const answer = (payload: Uint8Array): InstructionAnswer => ({
  kind: 'answer',
  payload: Uint8Array.from(payload),
});

class OperandsWrong extends CodedError<'ENCLAVE_OPERANDS_WRONG'> {
  constructor() {
    super('ENCLAVE_OPERANDS_WRONG', 'the instruction takes other operands');
  }
}
