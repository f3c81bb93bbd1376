import {
  createLogger,
  runMain,
  seededRandom,
  systemClock,
  systemRandom,
} from '@touchstone/runtime';
import { startIntelPcs } from '@touchstone/server-intel-pcs';
import { loadKek, openLocalCa } from '@touchstone/tls';
import { loadConfig } from './config';

const SERVICE = 'intel-pcs';

runMain(SERVICE, async () => {
  const config = loadConfig(process.env);
  const { home, seed, now } = config;
  return startIntelPcs({
    ...config,
    clock: systemClock(now === undefined ? {} : { now }),
    logger: createLogger({ service: SERVICE, level: config.logLevel }),
    random: seed === undefined ? systemRandom : seededRandom(seed, SERVICE),
    deterministic: seed !== undefined,
    tls: await openLocalCa(home, config.tlsDir),
    kek: await loadKek({ home, env: process.env }),
  });
});
