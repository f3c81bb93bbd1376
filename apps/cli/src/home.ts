import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { CodedError } from '@touchstone/errors';
import { ENDPOINTS_FILE, type Endpoints } from '@touchstone/server-ecosystem';

export class HomeError extends CodedError<'HOME_NOT_RUNNING'> {}

/** The state folder that a command works on: `--home`, else `TOUCHSTONE_HOME`, else `.touchstone` where npm was called. */
export function resolveHome(option: string | undefined, env: NodeJS.ProcessEnv): string {
  const home = option ?? env['TOUCHSTONE_HOME'] ?? '.touchstone';
  return path.resolve(env['INIT_CWD'] ?? '.', home);
}

/**
 * Where a running ecosystem answers: what `TOUCHSTONE_ENDPOINTS` names, for services without a common state folder, else
 * `endpoints.json` of the state folder. Throws HOME_NOT_RUNNING where nobody has written its addresses.
 */
export async function readEndpoints(
  home: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Endpoints> {
  const file = env['TOUCHSTONE_ENDPOINTS'] || path.join(home, ENDPOINTS_FILE);
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Endpoints;
  } catch (cause) {
    throw new HomeError('HOME_NOT_RUNNING', `no ecosystem runs here: ${file} cannot be read`, {
      field: 'home',
      cause,
    });
  }
}
