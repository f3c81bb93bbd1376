// A process of its own: opens the store, says `open`, writes settings one after the other until it is killed, and says
// each number as soon as its write is acknowledged; each time a signing key gives way to the next as well. With COUNT it stops there by itself.
import { openStore } from '../open-store';

async function write(): Promise<void> {
  const place = JSON.parse(process.env['PLACE'] ?? '{}') as { file: string };
  const count = Number(process.env['COUNT'] ?? Number.MAX_SAFE_INTEGER);
  const store = await openStore({ ...place, kek: new Uint8Array(32).fill(1) });
  process.stdout.write('open\n');
  for (let number = 1; number <= count; number++) {
    await store.settings.set(`${process.pid}/${number}`, number);
    await store.documents.put([
      document(`${process.pid}/first/${number}`, number),
      document(`${process.pid}/second/${number}`, number),
    ]);
    await store.signingKeys.rotate(signingKey(number), new Date(number));
    process.stdout.write(`${number}\n`);
  }
  await store.close();
}

const document = (key: string, number: number) => ({
  key,
  body: new Uint8Array(1_000).fill(number % 256),
  contentType: 'text/plain',
  headers: {},
  fetchedAt: new Date(0),
});

const signingKey = (number: number) => ({
  id: `${process.pid}/${number}`,
  purpose: `${process.pid}`,
  privateKey: new Uint8Array(1_000).fill(number % 256),
  certificates: [],
  createdAt: new Date(number),
});

write().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
