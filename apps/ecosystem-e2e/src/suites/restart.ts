import { access, readFile } from 'node:fs/promises';
import path from 'node:path';
import { toHex, toUtf8 } from '@touchstone/bytes';
import { parsePemChain } from '@touchstone/pki';
import { parseQuote } from '@touchstone/quote';
import { EcosystemProcess } from '../ecosystem-process';
import { RelyingParty } from '../relying-party';
import type { StandOf } from './stand';

/** What a simulated machine and its maker are: the bytes that a seed must bring about again. */
async function identityOf(
  ecosystem: EcosystemProcess,
  party: RelyingParty,
): Promise<Record<string, string>> {
  const { simulatedRoot } = await ecosystem.endpoints();
  const { certificationData } = parseQuote(await party.quote());
  const [pck] = parsePemChain(certificationData.bytes);
  const { qeId, images } = await party.host.getPlatformInfo({});
  return {
    root: await readFile(simulatedRoot, 'utf8'),
    pckCertificate: toHex(pck?.der ?? new Uint8Array()),
    qeId: toHex(qeId),
    mrSigner: toHex(images[0]?.mrSigner ?? new Uint8Array()),
  };
}

/** Those that the service keeps itself. */
const PLAIN_PROVIDERS = ['sharedeus2', 'sharedcus'];
const TEE_PROVIDER = 'shareduks';

async function signingKeysOf(party: RelyingParty, providers = PLAIN_PROVIDERS): Promise<unknown[]> {
  const base = party.url('attestation-service');
  return Promise.all(
    providers.map(async (provider) => {
      const url = `${base}/${provider}/certs`;
      const { body } = await party.http.request({ method: 'GET', url });
      const { keys } = JSON.parse(toUtf8(body)) as { keys: { kid: string }[] };
      return keys.map(({ kid }) => kid);
    }),
  );
}

/** Creates keys one after the other until nobody answers; the names of those that were acknowledged. */
async function keepKeysUntilTheEnd(party: RelyingParty, onKept: () => void): Promise<string[]> {
  const kept: string[] = [];
  for (;;) {
    const name = `in-flight-${kept.length}`;
    try {
      await party.keepKey(name);
    } catch {
      return kept;
    }
    kept.push(name);
    onKept();
  }
}

const KEYS_BEFORE_THE_END = 3;

/** A second process: made of the same seed, then killed in the middle of its work and started again. */
export function restartSuite(standOf: StandOf): void {
  let twin: EcosystemProcess;
  let party: RelyingParty;

  const start = async (): Promise<void> => {
    const { bundles, seed, now, folder } = standOf();
    twin = await EcosystemProcess.start({ home: folder('twin'), bundles, seed, now });
    party = await RelyingParty.of(twin);
  };
  beforeAll(start);
  afterAll(async () => {
    await party.close();
    await twin.stop();
  });

  it('of the same seed and instant is the same machine, byte for byte', async () => {
    const { ecosystem, party: shared } = standOf();
    expect(await identityOf(twin, party)).toEqual(await identityOf(ecosystem, shared));
  });

  it('has vaults and signing keys of its own all the same', async () => {
    expect(await signingKeysOf(party)).not.toEqual(await signingKeysOf(standOf().party));
  });

  it('killed in the middle of its work loses nothing that it acknowledged', async () => {
    const key = await party.keepKey('before');
    const before = {
      identity: await identityOf(twin, party),
      signingKeys: await signingKeysOf(party),
    };
    const inEnclave = await signingKeysOf(party, [TEE_PROVIDER]);
    const { requestId } = await party.attest();
    let count = 0;
    const keeping = keepKeysUntilTheEnd(party, () => {
      count += 1;
      if (count === KEYS_BEFORE_THE_END) void twin.kill();
    });
    const kept = await keeping;
    await party.close();

    await start();
    expect({
      identity: await identityOf(twin, party),
      signingKeys: await signingKeysOf(party),
    }).toEqual(before);
    // That one died with its enclave.
    expect(await signingKeysOf(party, [TEE_PROVIDER])).not.toEqual(inEnclave);
    for (const name of kept) expect(await party.vault.getKey(name)).toHaveProperty('key');
    const { token } = await party.attest();
    expect(toHex(await party.release('before', token))).toBe(toHex(key));
    expect((await party.decision(requestId)).outcome).toBe('granted');
  });

  it('takes its addresses away when it stops', async () => {
    expect(await twin.stop()).toBe(0);
    await expect(access(path.join(twin.home, 'endpoints.json'))).rejects.toMatchObject({
      code: 'ENOENT',
    });
  });
}
