import type { CallEnclaveStreamRequest } from '@touchstone/enclave-rpc';
import { throughEnclave, type Block } from '@touchstone/enclave-secret-sharing';
import { asked } from '../frame/refused';
import type { Party } from './party';

/** The blocks of a file as the party encrypts or decrypts them: one ECALL each, in one stream. */
export const throughParty = (
  party: Party,
  file: number,
  blocks: AsyncIterable<Block>,
): AsyncIterable<Block> =>
  throughEnclave(file, blocks, (payloads) => enterWithEach(party, payloads));

async function* enterWithEach(
  { name, enclaveId, machine }: Party,
  payloads: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const requests = async function* (): AsyncGenerator<CallEnclaveStreamRequest> {
    yield { start: { enclaveId, name: 'block', deadlineMilliseconds: 0 } };
    for await (const payload of payloads) yield { payload };
  };
  const answers = machine.host.callEnclaveStream(requests())[Symbol.asyncIterator]();
  for (;;) {
    const answer = await asked(name, answers.next());
    if (answer.done === true) return;
    yield answer.value.payload;
  }
}
