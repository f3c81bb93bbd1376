import { castFor } from '../../exchange/cast';
import { LOCAL_REFUSALS, REMOTE_REFUSALS } from '../../exchange/expected-refusals';
import { shareFileByDisk } from '../../exchange/share-file';
import { shareKey } from '../../exchange/share-key';
import type { Scenario } from '../../frame/scenario';

/** Not a whole number of blocks. */
const FILE_BYTES = 5 * 1024 * 1024 + 321;

/** Scenario 1: two enclaves of one host attest each other and share a file. */
export const LOCAL_ENCLAVES: Scenario = {
  name: '1',
  title: 'two enclaves on one host share a file',
  choices: { attestation: ['remote', 'local'] },
  attacks: ({ attestation }) => (attestation === 'local' ? LOCAL_REFUSALS : REMOTE_REFUSALS),
  run: async (stage) => {
    const { world, narrator, chosen } = stage;
    const local = chosen.attestation === 'local';
    const machine = await world.machine('a');
    narrator.step('all parties', 'are running', { 'enclave host': machine.url });
    const cast = await castFor(world, world.enclavesFolder);
    const a = await cast.load('enclave A', machine);
    const b = await cast.load('enclave B', machine);
    narrator.step(
      'host application',
      'creates two enclaves',
      { 'enclave A': a.enclaveId, 'enclave B': b.enclaveId, mrenclave: a.mrEnclave },
      'Each is measured page by page, its signature is checked, and the SHA-512 of its configuration goes into every report.',
    );
    const accomplices = cast.accomplices(world, machine, local);
    await shareKey(stage, { a, b, local, accomplices });
    await shareFileByDisk(stage, a, b, FILE_BYTES);
    await Promise.all([a.terminate(), b.terminate()]);
    narrator.step('host application', 'terminates the enclaves');
  },
};
