import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { createEnclaveHostClient } from '@touchstone/enclave-rpc';
import { parsePemChain } from '@touchstone/pki';
import {
  BLOCK_BYTES,
  inBlocks,
  loadParty,
  throughEnclave,
  type Party,
} from '@touchstone/scenarios';
import { newEnclaveAuthor, readBuiltEnclave } from '@touchstone/server-enclave-host';
import { median } from './measure';
import type { Role } from './roles';
import { type Row, throughputRow } from './row';
import { startService } from './service-process';
import { openStand, type Stand } from './stand';

export const SCENARIO_ROW = 'scenario.2';

const FILE_MIB = 24;
const MEBIBYTE = 1024 * 1024;
const ROUNDS = 5;
const SERVICES: readonly Role[] = [
  'intel-pcs',
  'identity',
  'pck-cache',
  'attestation-service',
  'key-vault',
];

/** One end of a hop, an enclave or an echo. */
type Hop = Pick<Party, 'name' | 'enclaveId' | 'machine'>;

/** Scenario 2 from A's host application: file to A, cipher text to B, and back; beside the same hops with no enclave at their ends. */
export async function scenarioRow(): Promise<Row> {
  const stand = await openStand();
  const closing: (() => Promise<void> | void)[] = [() => stand.close()];
  const hop = async (name: string, role: Role): Promise<Hop> => {
    const urls = Object.fromEntries(SERVICES.map((one) => [one, stand.service(one).url]));
    const options = { home: stand.home, urls, machineHome: stand.file(name) };
    const service = await startService(role, options);
    closing.push(() => service.close());
    const { url } = service;
    const host = createEnclaveHostClient({ url, ca: stand.caPem });
    closing.push(() => host.close());
    return { name, enclaveId: '', machine: { name, url, host, close: async () => undefined } };
  };
  try {
    const [a, b] = await sharing(
      stand,
      await hop('a', 'enclave-host'),
      await hop('b', 'enclave-host'),
    );
    const echoes = [await hop('echo-a', 'grpc-echo'), await hop('echo-b', 'grpc-echo')] as const;
    const ours: number[] = [];
    const floor: number[] = [];
    for (let round = 0; round <= ROUNDS; round++) {
      const file = await a.openFile();
      const other = await b.openFile(file.header);
      ours.push(await throughput([a, file.file], [b, other.file]));
      floor.push(await throughput([echoes[0], 0], [echoes[1], 0]));
    }
    // The first round of each warms up.
    const note = `one is a MiB; median of ${ROUNDS} files of ${FILE_MIB} MiB; beside gRPC with TLS alone`;
    return throughputRow(SCENARIO_ROW, median(ours.slice(1)), median(floor.slice(1)), note);
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

/** Two enclaves that have attested each other and share a key. */
async function sharing(stand: Stand, first: Hop, second: Hop): Promise<readonly [Party, Party]> {
  const folder = process.env['TOUCHSTONE_ENCLAVES'] ?? path.resolve(__dirname, '../../enclaves');
  const { code, manifest } = await readBuiltEnclave(folder, 'secret-sharing');
  const enclave = (await newEnclaveAuthor(new Date())).sign('secret-sharing', code, manifest);
  const [root] = parsePemChain(stand.service('intel-pcs').rootPem ?? '');
  const configuration = {
    root: root?.publicKeyBytes ?? new Uint8Array(),
    acceptedTcbStatuses: ['UpToDate'],
    minimumSvn: 1,
    freshness: 'required',
  } as const;
  const load = ({ name, machine }: Hop): Promise<Party> =>
    loadParty({ name, machine, enclave, configuration });
  const [a, b] = await Promise.all([load(first), load(second)]);
  await a.verify(await b.attest({ kind: 'PEM', challenge: await a.challenge() }));
  await b.verify(await a.attest({ kind: 'AES' }));
  return [a, b];
}

const PORTION = randomBytes(BLOCK_BYTES);

function* portions(): Generator<Uint8Array> {
  for (let i = 0; i < FILE_MIB; i++) yield PORTION;
}

/** MiB per second of the file, by the clock. */
async function throughput(
  [first, firstFile]: readonly [Hop, number],
  [second, secondFile]: readonly [Hop, number],
): Promise<number> {
  const started = performance.now();
  const between = throughEnclave(first, firstFile, inBlocks(portions()));
  let bytes = 0;
  for await (const { data } of throughEnclave(second, secondFile, between)) bytes += data.length;
  return bytes / MEBIBYTE / ((performance.now() - started) / 1000);
}
