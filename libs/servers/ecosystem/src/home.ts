import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { CodedError } from '@touchstone/errors';
import { ENDPOINTS_FILE, type Endpoints } from './endpoints';

export class HomeError extends CodedError<'HOME_NOT_RUNNING' | 'HOME_NO_SUCH_SERVICE'> {}

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

/** Base URL of a service by the name of its app. Throws HOME_NO_SUCH_SERVICE. */
export function serviceUrl({ services }: Pick<Endpoints, 'services'>, name: string): string {
  const url = services[name];
  if (url !== undefined) return url;
  throw new HomeError('HOME_NO_SUCH_SERVICE', `the ecosystem has no ${name}`, { field: name });
}
