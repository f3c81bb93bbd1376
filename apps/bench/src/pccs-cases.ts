import { CONNECTIONS, type LoadCase } from './load-case';
import { httpRequest } from './request-file';
import type { Stand } from './stand';

const tcbRequest = async (stand: Stand): Promise<Iterable<Buffer>> => {
  const { url } = stand.service('pck-cache');
  const { fmspc } = stand.platform.model;
  return [httpRequest('GET', new URL(`${url}/sgx/certification/v4/tcb?fmspc=${fmspc}`))];
};

const tcb = (name: string, connections: number): LoadCase => ({
  name,
  role: 'pck-cache',
  file: 'tcb',
  requests: tcbRequest,
  connections,
  note: `cached, ${connections} connections`,
});

export const PCCS_CASES: readonly LoadCase[] = [
  tcb('pccs.tcb', CONNECTIONS),
  tcb('pccs.tcb.c1', 1),
  tcb('pccs.tcb.c128', 128),
];
