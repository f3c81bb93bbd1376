import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { createEnclaveHostClient, type EnclaveHostClient } from '@touchstone/enclave-rpc';
import { configIdOf } from '@touchstone/enclave-sdk';
import {
  createPartyClient,
  encodeConfiguration,
  inBlocks,
  STREAM_BLOCK_BYTES,
  throughEnclave,
  type Block,
  type Configuration,
  type PartyClient,
} from '@touchstone/enclave-secret-sharing';
import { parsePemChain } from '@touchstone/pki';
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
interface Hop {
  readonly host: EnclaveHostClient;
  readonly enclaveId: string;
}
type Party = PartyClient & Hop;

/** Scenario 2 from A's host application: file to A, cipher text to B, and back; beside the same hops with no enclave at their ends. */
export async function scenarioRow(): Promise<Row> {
  const stand = await openStand();
  const closing: (() => Promise<void> | void)[] = [() => stand.close()];
  const hop = async (name: string, role: Role): Promise<Hop> => {
    const urls = Object.fromEntries(SERVICES.map((one) => [one, stand.service(one).url]));
    const options = { home: stand.home, urls, machineHome: stand.file(name) };
    const service = await startService(role, options);
    closing.push(() => service.close());
    const host = createEnclaveHostClient({ url: service.url, ca: stand.caPem });
    closing.push(() => host.close());
    return { host, enclaveId: '' };
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
  const configuration: Configuration = {
    root: root?.publicKeyBytes ?? new Uint8Array(),
    acceptedTcbStatuses: ['UpToDate'],
    minimumSvn: 1,
    freshness: 'required',
  };
  const configId = configIdOf(encodeConfiguration(configuration));
  const load = async ({ host }: Hop): Promise<Party> => {
    const { id } = await host.loadEnclave({ bundle: enclave.bundle, debug: false, configId });
    const client = createPartyClient(async (name, payload) => {
      const request = { enclaveId: id, name, payload, deadlineMilliseconds: 0 };
      return (await host.callEnclave(request)).payload;
    });
    await client.configure(configuration);
    return { ...client, host, enclaveId: id };
  };
  const [a, b] = await Promise.all([load(first), load(second)]);
  await a.verify(await b.attest({ kind: 'PEM', challenge: await a.challenge() }));
  await b.verify(await a.attest({ kind: 'AES' }));
  return [a, b];
}

const PORTION = randomBytes(STREAM_BLOCK_BYTES);

function* portions(): Generator<Uint8Array> {
  for (let i = 0; i < FILE_MIB; i++) yield PORTION;
}

/** MiB per second of the file, by the clock. */
async function throughput(
  [first, firstFile]: readonly [Hop, number],
  [second, secondFile]: readonly [Hop, number],
): Promise<number> {
  const started = performance.now();
  const between = through(first, firstFile, inBlocks(portions()));
  let bytes = 0;
  for await (const { data } of through(second, secondFile, between)) bytes += data.length;
  return bytes / MEBIBYTE / ((performance.now() - started) / 1000);
}

const through = (
  { host, enclaveId }: Hop,
  file: number,
  blocks: AsyncIterable<Block>,
): AsyncIterable<Block> =>
  throughEnclave(file, blocks, async function* (payloads) {
    const requests = async function* () {
      yield { start: { enclaveId, name: 'block', deadlineMilliseconds: 0 } };
      for await (const payload of payloads) yield { payload };
    };
    for await (const { payload } of host.callEnclaveStream(requests())) yield payload;
  });
