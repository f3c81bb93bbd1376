import { concat, fromUtf8, sha256, toBase64Url, toUtf8 } from '@touchstone/bytes';
import type { ApplicationStart } from '@touchstone/enclave';
import { manifestToJson } from '@touchstone/enclave';
import { CodedError } from '@touchstone/errors';
import { parseQuote } from '@touchstone/quote';
import { aMachine, clock, logger, random, rsaKey, servedCertificate } from './__fixtures__/machine';
import type { Ecalls } from './__fixtures__/machine';
import { createEnclaveHost } from './enclave-host';
import type { EnclaveHost } from './host';
import { noStorage } from './errands';
import { signImages } from './images';
import { createPckCertificates } from './pck-certificates';
import type { Attester, KeyReleaser, Ocalls } from './ports';
import type { TrainerEvent } from './trainer-run';

const manifest = {
  name: 'tested',
  productId: 5,
  svn: 6,
  debug: true,
  heapPages: 16,
  threads: 1,
  attributes: [],
};
const code = fromUtf8('measured');
const images = signImages([{ manifest: manifestToJson(manifest), code }], rsaKey(3), clock.now());

const json = (value: object): Uint8Array => fromUtf8(JSON.stringify(value));
const none = new Uint8Array();
const ask = async (ocalls: Ocalls, name: string, payload: Uint8Array = none): Promise<Uint8Array> =>
  (await ocalls[name]?.(payload, new AbortController().signal)) ?? none;

/** What a trainer does, without the training. */
const trainerEcalls = ({ instructions }: ApplicationStart): Ecalls => {
  const evidence = async (ocalls: Ocalls) => {
    const runtimeData = fromUtf8('{"keys":[]}');
    const reportData = concat(sha256(runtimeData), new Uint8Array(32));
    const targetInfo = await ask(ocalls, 'qe-target-info');
    const quote = await ask(ocalls, 'quote', instructions.ereport(targetInfo, reportData));
    return { quote: toBase64Url(quote), runtimeData: toBase64Url(runtimeData) };
  };
  return {
    evidence: async (_nonce, ocalls) => json(await evidence(ocalls)),
    run: async (dataset, ocalls) => {
      const token = await ask(ocalls, 'attest', json(await evidence(ocalls)));
      await ask(ocalls, 'progress', json({ stage: 'attested' }));
      await ask(ocalls, 'release', json({ token: toUtf8(token), nonce: 'n', enc: 'e' }));
      await ask(ocalls, 'progress', json({ stage: 'training', epoch: 1, epochs: 2, loss: 0.5 }));
      return json({ accuracy: 0.9, trainingSamples: dataset.length, encryptedModel: 'AQID' });
    },
  };
};

class Refused extends CodedError {
  readonly refusal = { by: 'key-vault', status: 403 };
}

interface Neighbours {
  readonly attester?: Attester;
  readonly releaser?: KeyReleaser;
}

function aHost({ attester, releaser }: Neighbours = {}, ecallsOf = trainerEcalls): EnclaveHost {
  const machine = aMachine(ecallsOf);
  return createEnclaveHost({
    model: 'simulated-e3',
    machine,
    pck: createPckCertificates({
      request: () => machine.quoting.pckRequest(),
      source: { pckCertificate: async () => servedCertificate() },
      documents: {
        get: async () => undefined,
        keys: async () => [],
        put: async () => undefined,
        delete: async () => undefined,
      },
      clock,
      logger,
    }),
    images: async () => images,
    endpoints: { attestation: ['https://a.test'], vaults: ['https://v.test'], storage: [] },
    attester: attester ?? { attest: async () => ({ token: 'a token', requestId: 'r-attest' }) },
    releaser: releaser ?? { release: async () => ({ value: 'a release', requestId: 'r-release' }) },
    collateral: { collateral: () => Promise.reject(new Error('there is none')) },
    storage: noStorage,
    clock,
    random,
    logger,
  });
}

async function run(
  host: EnclaveHost,
  signal = new AbortController().signal,
): Promise<TrainerEvent[]> {
  const { id } = await host.load({ image: 'tested' }, { debug: false });
  const start = {
    enclaveId: id,
    attestationUrl: '',
    keyId: 'https://v.test/keys/k',
    datasetBytes: 3,
  };
  const chunks = async function* () {
    yield new Uint8Array(3);
  };
  const events: TrainerEvent[] = [];
  for await (const event of host.runTrainer(start, chunks(), signal)) events.push(event);
  return events;
}

describe('the host', () => {
  it('loads an image as it was signed, or for debugging', async () => {
    const host = aHost();
    const production = await host.load({ image: 'tested' }, { debug: false });
    const debug = await host.load({ image: 'tested' }, { debug: true });
    expect([production.debug, debug.debug]).toEqual([false, true]);
    expect(production.identity).toMatchObject({ isvProdId: 5, isvSvn: 6 });
    expect(production.identity.mrEnclave).toEqual(debug.identity.mrEnclave);
  });

  it('lists an ended enclave with the reason of its end', async () => {
    const host = aHost();
    const { id } = await host.load({ image: 'tested' }, { debug: false });
    expect((await host.terminate(id)).endCode).toBe('ENCLAVE_TERMINATED');
    expect(host.list()).toMatchObject([{ id, endCode: 'ENCLAVE_TERMINATED' }]);
  });

  it('forgets enclaves that ended long ago', async () => {
    const host = aHost();
    for (let i = 0; i < 40; i++)
      await host.terminate((await host.load({ image: 'tested' }, { debug: false })).id);
    expect(host.list()).toHaveLength(32);
  });

  it('gives the evidence that the enclave composed, with a quote of the platform', async () => {
    const host = aHost();
    const { id } = await host.load({ image: 'tested' }, { debug: false });
    const { quote, runtimeData } = await host.evidence(id, none);
    const { body } = parseQuote(quote);
    expect('mrEnclave' in body && body.mrEnclave).toEqual([...images.values()][0]?.image.mrEnclave);
    expect(body.reportData.slice(0, 32)).toEqual(sha256(runtimeData));
  });
});

describe('a run', () => {
  it('carries what the enclave asks, and tells whose answer was which', async () => {
    const asked: unknown[] = [];
    const events = await run(
      aHost({
        releaser: {
          release: async (keyId, request) => {
            asked.push(keyId, request);
            return { value: 'a release', requestId: 'r-release' };
          },
        },
      }),
    );
    expect(asked).toEqual(['https://v.test/keys/k', { target: 'a token', nonce: 'n', enc: 'e' }]);
    expect(events).toEqual([
      { kind: 'progress', stage: 'attested', epoch: 0, epochs: 0, loss: 0, requestId: 'r-attest' },
      { kind: 'progress', stage: 'training', epoch: 1, epochs: 2, loss: 0.5, requestId: '' },
      {
        kind: 'result',
        accuracy: 0.9,
        trainingLoss: 0,
        trainingSamples: 3,
        heldOutSamples: 0,
        epochs: 0,
        encryptedModel: Uint8Array.of(1, 2, 3),
      },
    ]);
  });

  it('fails with the refusal itself, not with what the enclave makes of it', async () => {
    const host = aHost(
      { releaser: { release: () => Promise.reject(new Refused('VAULT_REFUSED', 'no')) } },
      (start) => ({
        run: async (payload, ocalls) => {
          const { run: honest } = trainerEcalls(start);
          await honest?.(payload, ocalls).catch(() => undefined);
          throw new Error('something else');
        },
      }),
    );
    await expect(run(host)).rejects.toMatchObject({
      code: 'VAULT_REFUSED',
      refusal: { status: 403 },
    });
  });

  it('ends at the next report when its caller has gone', async () => {
    await expect(run(aHost(), AbortSignal.abort())).rejects.toMatchObject({
      code: 'HOST_RUN_CANCELLED',
    });
  });

  it('waits for its turn elsewhere when eight others are under way', async () => {
    const host = aHost();
    const { id: enclaveId } = await host.load({ image: 'tested' }, { debug: false });
    const start = {
      enclaveId,
      attestationUrl: '',
      keyId: 'https://v.test/keys/k',
      datasetBytes: 3,
    };
    const stalled = new AbortController();
    const chunks = async function* () {
      await new Promise((resolve) => stalled.signal.addEventListener('abort', resolve));
      yield new Uint8Array(3);
    };
    const begin = () =>
      host.runTrainer(start, chunks(), stalled.signal)[Symbol.asyncIterator]().next();
    const others = Array.from({ length: 8 }, begin);
    await expect(begin()).rejects.toMatchObject({ code: 'HOST_RUNS_FULL' });
    stalled.abort();
    await Promise.allSettled(others);
    expect(await run(host)).toHaveLength(3);
  });

  const falseTrainers: [string, Ecalls][] = [
    ['an answer that is no JSON', { run: async () => fromUtf8('{') }],
    [
      'an answer with a count that is none',
      { run: async () => json({ accuracy: 1, epochs: -1, encryptedModel: '' }) },
    ],
    ['an answer without its model', { run: async () => json({ accuracy: 1 }) }],
    [
      'a stage that is none',
      { run: (_payload, ocalls) => ask(ocalls, 'progress', json({ stage: 'other' })) },
    ],
    [
      'a request that is none',
      { run: (_payload, ocalls) => ask(ocalls, 'attest', json({ quote: 1 })) },
    ],
  ];

  it.each(falseTrainers)('is refused %s', async (_what, ecalls) => {
    await expect(run(aHost({}, () => ecalls))).rejects.toMatchObject({
      code: 'HOST_ENCLAVE_ANSWER',
    });
  });
});
