import { concat } from '@touchstone/bytes';
import type { EnclaveManifest } from '@touchstone/enclave';
import { createImage, signEnclave } from '@touchstone/enclave';
import { CertificationDataType, parseQuote } from '@touchstone/quote';
import { aMachine, clock, random, rsaKey } from './__fixtures__/machine';
import type { PckCertificates } from './pck-certificates';
import { quotingOcalls } from './quoting-ocalls';

const manifest: EnclaveManifest = {
  name: 'tested',
  productId: 1,
  svn: 1,
  debug: false,
  heapPages: 1,
  threads: 1,
  attributes: [],
};
const unasked: PckCertificates = {
  current: () => Promise.reject(new Error('no chain is needed')),
  renew: () => Promise.reject(new Error('no chain is needed')),
};
const none = new Uint8Array();
const { signal } = new AbortController();

async function anOcall() {
  const reports: ((targetInfo: Uint8Array) => Uint8Array)[] = [];
  const machine = aMachine(({ instructions }) => {
    reports.push((targetInfo) => instructions.ereport(targetInfo, new Uint8Array(64)));
    return {};
  });
  const image = createImage(manifest, random.bytes(16));
  const { running } = machine.load(image, signEnclave(image, rsaKey(3), clock.now()));
  await running({ name: 'tested', heapMegabytes: 16, threads: 1 });
  const ocalls = quotingOcalls(machine, unasked);
  const targetInfo = (await ocalls['qe-target-info']?.(none, signal)) ?? none;
  const report = reports[0]?.(targetInfo) ?? none;
  return (suffix: number[]) =>
    ocalls['quote']?.(concat(report, Uint8Array.from(suffix)), signal) ?? Promise.resolve(none);
}

describe('the OCALL for a quote', () => {
  it.each([
    [1, CertificationDataType.PPID_CLEAR],
    [3, CertificationDataType.PPID_RSA_3072],
  ])('certifies as the enclave asks: type %i', async (asked, type) => {
    const quote = parseQuote(await (await anOcall())([asked]));
    expect(quote.certificationData.type).toBe(type);
  });

  it.each([[[4]], [[0]], [[1, 1]]])('refuses a type that there is not: %j', async (suffix) => {
    await expect((await anOcall())(suffix)).rejects.toMatchObject({ code: 'HOST_REQUEST_INVALID' });
  });
});
