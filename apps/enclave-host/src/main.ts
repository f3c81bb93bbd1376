import { createHttpClient } from '@touchstone/http-client';
import {
  createLogger,
  runMain,
  seededRandom,
  systemClock,
  systemRandom,
} from '@touchstone/runtime';
import { startEnclaveHost } from '@touchstone/server-enclave-host';
import { loadKek, openLocalCa } from '@touchstone/tls';
import { loadConfig } from './config';

const SERVICE = 'enclave-host';

runMain(SERVICE, async () => {
  const { logLevel, originMap, seed, tlsDir, ...config } = loadConfig(process.env);
  const tls = await openLocalCa(config.home, tlsDir);
  return startEnclaveHost({
    ...config,
    clock: systemClock(config),
    logger: createLogger({ service: SERVICE, level: logLevel }),
    random: seed === undefined ? systemRandom : seededRandom(seed, SERVICE),
    deterministic: seed !== undefined,
    tls,
    kek: await loadKek({ home: config.home, env: process.env }),
    http: createHttpClient({ ca: tls.pem, originMap }),
  });
});
