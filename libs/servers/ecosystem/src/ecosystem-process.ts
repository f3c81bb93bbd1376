import { rm } from 'node:fs/promises';
import path from 'node:path';
import { startServiceProcess } from '@touchstone/service-process';
import type { Endpoints } from './endpoints';
import { readEndpoints } from './home';

export interface EcosystemProcess {
  readonly endpoints: Endpoints;
  stop(): Promise<void>;
}

/**
 * Starts an ecosystem of its own in a fresh state folder, on ephemeral ports, and waits until it has written its addresses.
 * Throws ServiceProcessError.
 */
export async function startEcosystemProcess(
  home: string,
  entry: string,
): Promise<EcosystemProcess> {
  await rm(home, { recursive: true, force: true });
  const { stop } = await startServiceProcess({
    name: 'the ecosystem',
    entry,
    args: ['--home', home, '--ports', 'ephemeral'],
  });
  try {
    return { endpoints: await readEndpoints(home, {}), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Where the bundle of an app stands: beside the bundle of this one. */
export const appEntry = (bundleFolder: string, app: string): string =>
  path.resolve(bundleFolder, '..', app, 'main.cjs');
