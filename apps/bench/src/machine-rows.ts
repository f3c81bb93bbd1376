import { createCipheriv, createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { concat } from '@touchstone/bytes';
import { createImage, loadEnclave, signEnclave } from '@touchstone/enclave';
import {
  TEST_NOW,
  aBareProcessor,
  aPlatform,
  anAuthorKey,
  anEnclaveOn,
  pckChainOf,
} from '@touchstone/testkit';
import { type MeasureOptions, type Work, measure } from './measure';
import { type Row, rateRow, timeRow } from './row';

export const MACHINE_GROUP = 'enclave';

const MEBIBYTE = 1024 * 1024;
/** Measured bytes of the enclave that is loaded, MiB. */
const LOADED_MIB = 4;
const MANIFEST = {
  name: 'loaded',
  productId: 1,
  svn: 1,
  debug: false,
  heapPages: 1,
  threads: 1,
  attributes: [],
};
/** For each chunk of 256 bytes, a record of 64 goes into the measurement too. */
const MEASURED_PER_BYTE = 320 / 256;

/** The simulated machine: sealing, loading and quoting, each beside the cryptography that it cannot do without. */
export function machineRows(options: MeasureOptions): readonly Row[] {
  const times = measure({ ...sealing(), ...loading(), ...quoting() }, options);
  const loaded = (ms: number): number => ms / LOADED_MIB;
  return [
    rateRow('enclave.seal', times.seal, times.gcm, { note: 'one is a MiB sealed' }),
    rateRow('enclave.unseal', times.unseal, times.gcm, { note: 'one is a MiB opened' }),
    timeRow(
      'enclave.load',
      loaded(times.load),
      { floor: loaded(times.sha256) },
      'one is a MiB measured; beside SHA-256 of the measurement log',
    ),
    rateRow('enclave.quote', times.quote, times.p256Sign, {
      note: 'report and quote; beside one P-256 signature',
    }),
  ];
}

function sealing(): Record<'seal' | 'unseal' | 'gcm', Work> {
  const enclave = anEnclaveOn(aBareProcessor({ fuses: 'bench' }));
  const data = new Uint8Array(randomBytes(MEBIBYTE));
  const blob = enclave.seal(data, { policy: 'mrenclave' });
  const key = randomBytes(16);
  return {
    seal: () => enclave.seal(data, { policy: 'mrenclave' }),
    unseal: () => enclave.unseal(blob),
    gcm: () => {
      const cipher = createCipheriv('aes-128-gcm', key, new Uint8Array(12));
      return concat(cipher.update(data), cipher.final(), cipher.getAuthTag());
    },
  };
}

function loading(): Record<'load' | 'sha256', Work> {
  const processor = aBareProcessor({ fuses: 'bench' });
  const image = createImage(MANIFEST, new Uint8Array(randomBytes(LOADED_MIB * MEBIBYTE)));
  const sigstruct = signEnclave(image, anAuthorKey(), TEST_NOW);
  const log = new Uint8Array(LOADED_MIB * MEBIBYTE * MEASURED_PER_BYTE);
  return {
    load: () => loadEnclave(processor, image, sigstruct).remove(),
    sha256: () => createHash('sha256').update(log).digest(),
  };
}

function quoting(): Record<'quote' | 'p256Sign', Work> {
  const platform = aPlatform({ seed: 'bench' });
  const { quoting: quotes } = platform.machine;
  const image = createImage(MANIFEST, new Uint8Array(randomBytes(MEBIBYTE)));
  const sigstruct = signEnclave(image, anAuthorKey(), TEST_NOW);
  const { instructions } = platform.machine.load(image, sigstruct).running;
  const { cpuSvn, pceSvn } = quotes.pckRequest();
  const certification = {
    type: 5,
    pckChain: pckChainOf(platform),
    svn: { cpuSvn, pceSvn },
  } as const;
  const reportData = new Uint8Array(64);
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const signed = new Uint8Array(432);
  return {
    quote: () =>
      quotes.getQuote(instructions.ereport(quotes.targetInfo(), reportData), certification),
    p256Sign: () => sign('sha256', signed, { key: privateKey, dsaEncoding: 'ieee-p1363' }),
  };
}
