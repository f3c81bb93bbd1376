import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** `endpoints.json`: where a running ecosystem answers, and with which credentials. */
export interface Endpoints {
  /** Path of the local authority's certificate, PEM. */
  readonly ca: string;
  /** Base URL of each service by the name of its app. */
  readonly services: Readonly<Record<string, string>>;
  readonly tenant: string;
  readonly client: { readonly id: string; readonly secret: string };
  /** Opens the decision records of the services over the wire. */
  readonly operatorToken: string;
  /** Path of the simulated root certificate, PEM. */
  readonly simulatedRoot: string;
}

export const ENDPOINTS_FILE = 'endpoints.json';

const OWNER_ONLY = 0o600;

/** Writes the file whole: whoever sees it can use every address in it. */
export async function writeEndpoints(home: string, endpoints: Endpoints): Promise<void> {
  const file = path.join(home, ENDPOINTS_FILE);
  const beside = `${file}.${process.pid}`;
  await mkdir(home, { recursive: true });
  await writeFile(beside, `${JSON.stringify(endpoints, null, 2)}\n`, { mode: OWNER_ONLY });
  await rename(beside, file);
}

/** Nobody answers any more. */
export const removeEndpoints = (home: string): Promise<void> =>
  rm(path.join(home, ENDPOINTS_FILE), { force: true });
