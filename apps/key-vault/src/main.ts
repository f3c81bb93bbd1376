import { createHttpClient } from '@touchstone/http-client';
import { createLogger, runMain, systemClock, systemRandom } from '@touchstone/runtime';
import { DEFAULT_AUDIENCES, SERVICE_NAME, startKeyVault } from '@touchstone/server-key-vault';
import { loadKek, openLocalCa } from '@touchstone/tls';
import { loadConfig } from './config';

runMain(SERVICE_NAME, async () => {
  const { logLevel, originMap, extraAudiences, ...config } = loadConfig(process.env);
  const tls = await openLocalCa(config.home, process.env['TOUCHSTONE_TLS_DIR']);
  return startKeyVault({
    ...config,
    audiences: [...DEFAULT_AUDIENCES, ...extraAudiences],
    clock: systemClock(config),
    logger: createLogger({ service: SERVICE_NAME, level: logLevel }),
    random: systemRandom,
    tls,
    kek: await loadKek({ home: config.home, env: process.env }),
    http: createHttpClient({ ca: tls.pem, originMap }),
  });
});
