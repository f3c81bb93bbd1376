import { toHex } from '@touchstone/bytes';
import { castFor } from '../../exchange/cast';
import { REMOTE_REFUSALS } from '../../exchange/expected-refusals';
import { streamFile } from '../../exchange/share-file';
import { shareKey } from '../../exchange/share-key';
import type { Scenario } from '../../frame/scenario';
import { overTheWire } from './over-the-wire';

/** Not a whole number of blocks. */
const FILE_BYTES = 64 * 1024 * 1024 + 321;

/** The guide's service, on B's host. */
const SERVES_SHARING = { env: { ENCLAVE_HOST_SECRET_SHARING: 'remote' } };

/** Scenario 2: the same across two hosts, with a processor each. */
export const REMOTE_ENCLAVES: Scenario = {
  name: '2',
  title: 'two enclaves on two hosts share a large file',
  choices: {},
  attacks: () => REMOTE_REFUSALS,
  run: async (stage) => {
    const { world, narrator } = stage;
    const machineA = await world.machine('a');
    const machineB = await world.machine('b', SERVES_SHARING);
    const [infoA, infoB] = await Promise.all([
      machineA.host.getPlatformInfo({}),
      machineB.host.getPlatformInfo({}),
    ]);
    narrator.step('all parties', 'are running', {
      'enclave host of A': machineA.url,
      'enclave host of B': machineB.url,
    });
    const [qeA, qeB] = [toHex(infoA.qeId), toHex(infoB.qeId)];
    stage.check({
      name: 'the hosts have different processors',
      ok: qeA !== qeB,
      read: `${qeA}, ${qeB}`,
    });
    const cast = await castFor(world, world.enclavesFolder);
    const a = await cast.load('enclave A', machineA);
    const b = await cast.load('enclave B', machineB);
    narrator.step('host applications', 'create an enclave each', {
      'enclave A': a.enclaveId,
      'enclave B': b.enclaveId,
      mrenclave: a.mrEnclave,
    });
    const { party: remoteB, client } = overTheWire(b, world.ca);
    world.closeLater(() => client.close());
    const accomplices = cast.accomplices(world, machineB, false);
    await shareKey(stage, { a, b: remoteB, local: false, accomplices });
    await streamFile(stage, a, b, FILE_BYTES);
    await Promise.all([a.terminate(), b.terminate()]);
    narrator.step('host applications', 'terminate the enclaves');
  },
};
