import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createEnclaveHostClient } from '@touchstone/enclave-rpc';
import { createHttpClient } from '@touchstone/http-client';
import { readEndpoints } from '../home';
import { FaultError } from './fault-error';
import type { RenewalTools } from './renewal';
import { createSimulation, type Simulation } from './simulation';

/** Where the simulated Intel services keep the token that opens their factory and their events. */
const TOKEN_FILE = 'manufacturing-token';

/** A running ecosystem, as somebody who may bring events about in it. */
export interface World extends RenewalTools {
  readonly simulation: Simulation;
  close(): Promise<void>;
}

/** Throws HOME_NOT_RUNNING; FAULT_NOT_LOCAL where the state folder holds no manufacturing token. */
export async function openWorld(home: string): Promise<World> {
  const endpoints = await readEndpoints(home);
  const token = await readToken(home);
  const ca = await readFile(endpoints.ca, 'utf8');
  const http = createHttpClient({ ca });
  const host = createEnclaveHostClient({ url: endpoints.services['enclave-host'] ?? '', ca });
  const url = endpoints.services['intel-pcs'] ?? '';
  return {
    endpoints,
    http,
    host,
    simulation: createSimulation({ url, token, http }),
    close: async () => {
      host.close();
      await http.close();
    },
  };
}

async function readToken(home: string): Promise<string> {
  const file = path.join(home, TOKEN_FILE);
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (cause) {
    throw new FaultError('FAULT_NOT_LOCAL', `events need the manufacturing token of ${file}`, {
      field: 'home',
      cause,
    });
  }
}
