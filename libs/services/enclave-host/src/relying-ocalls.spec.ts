import { fromUtf8, toUtf8 } from '@touchstone/bytes';
import type { Collateral } from '@touchstone/collateral';
import { createImage, signEnclave } from '@touchstone/enclave';
import { encodeOeReport, parseOeEndorsements } from '@touchstone/quote';
import { aMachine, clock, NOW, random, rsaKey, servedCertificate } from './__fixtures__/machine';
import type { PlatformName } from './ports';
import { platformOf, relyingOcalls } from './relying-ocalls';

const { signal } = new AbortController();
const collateral: Collateral = {
  tcbInfo: fromUtf8('{"tcbInfo":1}'),
  tcbInfoIssuerChain: 'chain of the TCB info',
  pckCrl: Uint8Array.of(1),
  pckCrlIssuerChain: 'chain of the CRL',
  rootCaCrl: Uint8Array.of(2),
  qeIdentity: fromUtf8('{"enclaveIdentity":1}'),
  qeIdentityIssuerChain: 'chain of the identity',
};

/** A quote of the fixture's machine, certified as its hosts have it. */
async function aQuote(): Promise<Uint8Array> {
  const reports: ((targetInfo: Uint8Array) => Uint8Array)[] = [];
  const machine = aMachine(({ instructions }) => {
    reports.push((targetInfo) => instructions.ereport(targetInfo, new Uint8Array(64)));
    return {};
  });
  const manifest = {
    name: 'tested',
    productId: 1,
    svn: 1,
    debug: false,
    heapPages: 1,
    threads: 1,
    attributes: [],
  };
  const image = createImage(manifest, random.bytes(16));
  const { running } = machine.load(image, signEnclave(image, rsaKey(3), clock.now()));
  await running({ name: 'tested', heapMegabytes: 16, threads: 1 });
  const report = reports[0]?.(machine.quoting.targetInfo()) ?? new Uint8Array();
  const { certificate, issuerChain, tcbm } = servedCertificate();
  const svn = Buffer.from(tcbm, 'hex');
  return machine.quoting.getQuote(report, {
    type: 5,
    pckChain: `${certificate}\n${issuerChain}`,
    svn: { cpuSvn: Uint8Array.from(svn.subarray(0, 16)), pceSvn: svn.readUInt16LE(16) },
  }).quote;
}

describe('relyingOcalls', () => {
  it('answers with the collateral of the platform that the evidence is of, in any form', async () => {
    const asked: PlatformName[] = [];
    const source = {
      collateral: async (platform: PlatformName) => {
        asked.push(platform);
        return collateral;
      },
    };
    const ocalls = relyingOcalls(source, clock);
    const quote = await aQuote();
    for (const evidence of [quote, encodeOeReport(quote)]) {
      const answer = await ocalls['collateral']?.(evidence, signal);
      expect(parseOeEndorsements(answer ?? new Uint8Array())).toMatchObject({
        ...collateral,
        creationTime: '2026-06-01T00:00:00Z',
      });
    }
    expect(asked).toEqual([
      { fmspc: 'e3a067110000', ca: 'processor' },
      { fmspc: 'e3a067110000', ca: 'processor' },
    ]);
  });

  it('tells the time', async () => {
    const none = { collateral: () => Promise.reject(new Error('nobody asks')) };
    const answer = await relyingOcalls(none, clock)['time']?.(new Uint8Array(), signal);
    expect(toUtf8(answer ?? new Uint8Array())).toBe(NOW.toISOString());
  });

  it.each([
    ['is none', new Uint8Array(3)],
    ['is too large', new Uint8Array(1024 * 1024)],
  ])('does not know the platform of evidence that %s', (_how, evidence) => {
    expect(() => platformOf(evidence)).toThrow(
      expect.objectContaining({ code: 'HOST_EVIDENCE_UNREADABLE', field: 'evidence' }),
    );
  });
});
