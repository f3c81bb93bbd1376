import { runMain, systemClock } from '@touchstone/runtime';
import { startEcosystem } from '@touchstone/server-ecosystem';
import { loadConfig } from './config';

runMain('ecosystem', async () => {
  const config = loadConfig(process.argv.slice(2), process.env);
  return startEcosystem({ ...config, clock: systemClock(config) });
});
