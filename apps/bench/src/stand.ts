import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createAuthority } from '@touchstone/authority';
import { systemClock, systemRandom, silentLogger } from '@touchstone/runtime';
import { foundAuthority } from '@touchstone/server-intel-pcs';
import { openServiceStore } from '@touchstone/store';
import { type TestPlatform, aPlatform } from '@touchstone/testkit';
import { loadKek, openLocalCa } from '@touchstone/tls';
import { type ServiceProcess, startService } from './service-process';
import type { Role } from './roles';

/** Every service in a process of its own, and a platform that their simulated Intel has certified. */
export interface Stand {
  readonly home: string;
  /** PEM file. */
  readonly ca: string;
  readonly caPem: string;
  readonly platform: TestPlatform;
  service(role: Role): ServiceProcess;
  /** A path in the stand's folder. */
  file(name: string): string;
  close(): Promise<void>;
}

const MODEL = 'simulated-e5';

export async function openStand(): Promise<Stand> {
  const home = await mkdtemp(path.join(tmpdir(), 'touchstone-bench-'));
  const running = new Map<Role, ServiceProcess>();
  const close = async (): Promise<void> => {
    await Promise.all([...running.values()].map((service) => service.close()));
    await rm(home, { recursive: true, force: true });
  };
  try {
    const platform = await certifiedPlatform(home);
    const tls = await openLocalCa(home);
    await startAll(home, running);
    return {
      home,
      ca: tls.file,
      caPem: tls.pem,
      platform,
      service: (role) => {
        const service = running.get(role);
        if (service === undefined) throw new Error(`${role} does not run`);
        return service;
      },
      file: (name) => path.join(home, name),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startAll(home: string, running: Map<Role, ServiceProcess>): Promise<void> {
  const start = async (role: Role): Promise<ServiceProcess> => {
    const urls = Object.fromEntries([...running].map(([name, { url }]) => [name, url] as const));
    const simulatedRoot = running.get('intel-pcs')?.rootPem;
    const options = { home, urls, ...(simulatedRoot !== undefined && { simulatedRoot }) };
    const service = await startService(role, options);
    running.set(role, service);
    return service;
  };
  await Promise.all([start('intel-pcs'), start('identity')]);
  await start('pck-cache');
  await Promise.all([start('attestation-service'), start('key-vault')]);
}

/** Founds the simulated Intel before its service runs, which then finds the keys: so a machine can be certified here. */
async function certifiedPlatform(home: string): Promise<TestPlatform> {
  const kek = await loadKek({ home, env: process.env });
  const clock = systemClock();
  const store = await openServiceStore({ service: 'intel-pcs', home, kek, logger: silentLogger });
  try {
    const { signingKeys } = store;
    const keys = await foundAuthority({ signingKeys, clock, random: systemRandom });
    const authority = createAuthority({ keys });
    return aPlatform({ seed: 'bench', model: MODEL, authority, at: clock.now() });
  } finally {
    await store.close();
  }
}
