import { readFile } from 'node:fs/promises';
import { createHttpClient } from '@touchstone/http-client';
import { createLogger, runFleetMain, systemClock, systemRandom } from '@touchstone/runtime';
import { startAttestationService } from '@touchstone/server-attestation';
import { loadKek, openLocalCa } from '@touchstone/tls';
import { loadConfig } from './config';

const SERVICE = 'attestation-service';

runFleetMain(SERVICE, async (fleet) => {
  const { simulatedRootFile, logLevel, enclaveHostUrl, ...config } = loadConfig(process.env);
  const tls = await openLocalCa(config.home, process.env['TOUCHSTONE_TLS_DIR']);
  const simulatedRoot =
    simulatedRootFile === undefined ? undefined : await readFile(simulatedRootFile);
  return startAttestationService({
    ...config,
    fleet,
    enclaveHostUrl: () => enclaveHostUrl,
    clock: systemClock(config),
    logger: createLogger({ service: SERVICE, level: logLevel }),
    random: systemRandom,
    tls,
    kek: await loadKek({ home: config.home, env: process.env }),
    http: createHttpClient({ ca: tls.pem, originMap: config.originMap }),
    ...(simulatedRoot && { simulatedRoot }),
  });
});
