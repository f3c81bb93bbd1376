import { parsePemChain } from '@touchstone/pki';
import type { Configuration } from '@touchstone/enclave-secret-sharing';
import {
  newEnclaveAuthor,
  readBuiltEnclave,
  withOneByteChanged,
  type ReleasedEnclave,
} from '@touchstone/server-enclave-host';
import type { Machine } from '../frame/machine';
import type { World } from '../frame/world';
import type { Accomplices } from './man-in-the-middle';
import { loadParty, type Party, type PartyOptions } from './party';

const IMAGE = 'secret-sharing';
const MINIMUM_SVN = 2;

/** Everybody who may be needed: the enclave as its author released it, and what others make of it. */
export interface Cast {
  readonly enclave: ReleasedEnclave;
  readonly configuration: Configuration;
  load(name: string, machine: Machine): Promise<Party>;
  /** `local`: what is stale, then, is the enclave and not its platform. */
  accomplices(world: World, machine: Machine, local: boolean): Accomplices;
}

/** `demands`: what the configuration of this scenario has beside. */
export async function castFor(
  world: World,
  enclavesFolder: string,
  demands: Partial<Configuration> = {},
): Promise<Cast> {
  const author = await newEnclaveAuthor(new Date());
  const built = await readBuiltEnclave(enclavesFolder, IMAGE);
  const enclave = author.sign(IMAGE, built.code, built.manifest);
  const configuration: Configuration = {
    root: rootKeyOf(world.simulatedRoot),
    acceptedTcbStatuses: ['UpToDate'],
    minimumSvn: MINIMUM_SVN,
    freshness: 'required',
    ...demands,
  };
  /** What is loaded is ended with the world, also where a refusal ends a run early: a machine has room for few. */
  const loaded = async (options: Omit<PartyOptions, 'configuration'>): Promise<Party> => {
    const party = await loadParty({ ...options, configuration });
    world.closeLater(() => party.terminate());
    return party;
  };
  const load = (name: string, machine: Machine): Promise<Party> =>
    loaded({ name, machine, enclave });
  return {
    enclave,
    configuration,
    load,
    accomplices: (theWorld, machine, local) => ({
      earlierB: () => load('enclave B before', machine),
      wrongEnclave: () => {
        const other = author.sign(IMAGE, withOneByteChanged(built.code), built.manifest);
        return loaded({ name: 'another enclave', machine, enclave: other });
      },
      staleEnclave: async () => {
        if (!local) return load('enclave B, not updated', await theWorld.machine('stale', OLDEST));
        const svn = MINIMUM_SVN - 1;
        const older = author.sign(IMAGE, built.code, built.manifest, { svn });
        return loaded({ name: 'an older enclave B', machine, enclave: older });
      },
      debugEnclave: () => loaded({ name: 'enclave B, readable', machine, enclave, debug: true }),
      elsewhere: async () => load('enclave B elsewhere', await theWorld.machine('elsewhere')),
    }),
  };
}

const OLDEST = { tcb: 'oldest' } as const;

function rootKeyOf(pem: string): Uint8Array {
  const [root] = parsePemChain(pem);
  if (root === undefined) throw new TypeError('the simulated root is no certificate');
  return root.publicKeyBytes;
}
