import { readFile } from 'node:fs/promises';
import { readEndpoints, resolveHome } from '../home';

/** Authorities beside those that Node trusts: that of the ecosystem in the state folder, when one runs there. */
export async function trustedAuthorities(
  home: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<string[]> {
  const endpoints = await readEndpoints(resolveHome(home, env)).catch(() => undefined);
  if (endpoints === undefined) return [];
  return [await readFile(endpoints.ca, 'utf8')];
}
