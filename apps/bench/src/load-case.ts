import path from 'node:path';
import { load } from './loaded-service';
import { writeRequests } from './request-file';
import type { Role } from './roles';
import { type Row, rateRow } from './row';
import type { Operations } from './service-process';
import type { Stand } from './stand';

/** What a service answers before it is measured for the first time: so long the compiler goes on making its code faster. */
const WARM_ANSWERS = 15_000;
const warmed = new WeakSet<object>();

/** Connections of the cases that are not about their number. */
export const CONNECTIONS = 16;

export interface LoadOptions {
  readonly warmMs: number;
  /** Of one window. */
  readonly ms: number;
  readonly windows: number;
  /** Folder for a profile of each case. */
  readonly profile?: string;
}

/** A row about a service under load. */
export interface LoadCase {
  readonly name: string;
  readonly role: Role;
  /** Requests are told apart by what they are made of: cases with the same file share it. */
  readonly file: string;
  readonly requests: (stand: Stand) => Promise<Iterable<Buffer>>;
  readonly connections: number;
  /** The cryptography that each answer needs. */
  readonly operations?: Operations;
  readonly note: string;
}

/** Loads the service of one case and makes its row. */
export async function loadRow(
  stand: Stand,
  loadCase: LoadCase,
  { profile, windows, ...lengths }: LoadOptions,
): Promise<Row> {
  const { name, role, connections, operations, note } = loadCase;
  const requestFile = stand.file(`${loadCase.file}.requests`);
  await writeRequests(requestFile, await loadCase.requests(stand));
  const server = stand.service(role);
  const warmAnswers = warmed.has(server) ? 0 : WARM_ANSWERS;
  warmed.add(server);
  const job = { url: server.url, ca: stand.ca, requestFile, connections, warmAnswers, ...lengths };
  const result = await load(server, job, {
    windows,
    ...(operations !== undefined && { operations }),
    ...(profile !== undefined && { profileFile: path.resolve(profile, `${name}.cpuprofile`) }),
  });
  const { cpuMsEach, floorMs, p50, p99, peakMiB, perSecond } = result;
  return rateRow(name, cpuMsEach, floorMs, {
    p50,
    p99,
    peakMiB,
    note: `${note}; ${Math.round(perSecond)} a second came back`,
  });
}
