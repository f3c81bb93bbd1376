import path from 'node:path';
import { startAzurite } from '@touchstone/azurite';
import { runMain } from '@touchstone/runtime';
import { loadConfig } from './config';

runMain('storage', async () => {
  const { home, host, tlsDir, ...config } = loadConfig(process.env);
  const azurite = await startAzurite({
    ...config,
    host,
    folder: path.join(home, 'storage'),
    tlsFolder: tlsDir ?? path.join(home, 'tls'),
  });
  return { url: azurite.url, close: () => azurite.stop() };
});
