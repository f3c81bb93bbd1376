import { createLogger, runMain, systemClock, systemRandom } from '@touchstone/runtime';
import { startIdentity } from '@touchstone/server-identity';
import { loadKek, openLocalCa } from '@touchstone/tls';
import { loadConfig } from './config';

runMain('identity', async () => {
  const config = loadConfig(process.env);
  return startIdentity({
    ...config,
    clock: systemClock(config),
    logger: createLogger({ service: 'identity', level: config.logLevel }),
    random: systemRandom,
    tls: await openLocalCa(config.home, config.tlsFolder),
    kek: await loadKek({ home: config.home, env: process.env }),
  });
});
