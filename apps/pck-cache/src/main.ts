import { createHttpClient } from '@touchstone/http-client';
import { createLogger, runMain, systemClock, systemRandom } from '@touchstone/runtime';
import { startPckCache } from '@touchstone/server-pck-cache';
import { loadKek, openLocalCa } from '@touchstone/tls';
import { loadConfig } from './config';

const SERVICE = 'pck-cache';

runMain(SERVICE, async () => {
  const config = loadConfig(process.env);
  const { home, originMap, now } = config;
  const tls = await openLocalCa(home, config.tlsDir);
  return startPckCache({
    ...config,
    clock: systemClock(now === undefined ? {} : { now }),
    logger: createLogger({ service: SERVICE, level: config.logLevel }),
    random: systemRandom,
    tls,
    http: createHttpClient({ ca: tls.pem, originMap }),
    kek: await loadKek({ home, env: process.env }),
  });
});
