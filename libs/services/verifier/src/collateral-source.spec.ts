import { toHex } from '@touchstone/bytes';
import { CodedError } from '@touchstone/errors';
import type { CertificationData } from '@touchstone/quote';
import type { CollateralSource, PlatformName } from './collateral-source';
import { bundle, judged, named } from './__fixtures__/judged';
import type { World } from './__fixtures__/world';
import { FMSPC, aWorld, filled } from './__fixtures__/world';

class GoneError extends CodedError<'PCS_NOT_FOUND'> {}

/** A source that has the collateral of a world, and remembers what it was asked. */
class FakeSource implements CollateralSource {
  readonly name = 'https://pccs.test';
  readonly asked: string[] = [];
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  async tcbInfo(tee: string, fmspc: string) {
    this.asked.push(`tcb ${tee} ${fmspc}`);
    const { tcbInfo, tcbInfoIssuerChain } = this.#world.collateral;
    return { body: tcbInfo, issuerChain: tcbInfoIssuerChain };
  }

  async qeIdentity(tee: string) {
    this.asked.push(`identity ${tee}`);
    const { qeIdentity, qeIdentityIssuerChain } = this.#world.collateral;
    return { body: qeIdentity, issuerChain: qeIdentityIssuerChain };
  }

  async pckCrl(ca: string) {
    this.asked.push(`pckcrl ${ca}`);
    const { pckCrl, pckCrlIssuerChain } = this.#world.collateral;
    return { body: pckCrl, issuerChain: pckCrlIssuerChain };
  }

  async rootCaCrl() {
    this.asked.push('rootcacrl');
    return this.#world.collateral.rootCaCrl;
  }

  async pckCertificateChain({ qeId, encryptedPpid, pceSvn }: PlatformName) {
    this.asked.push(`pckcert ${toHex(qeId)} ${encryptedPpid?.length ?? 0} ${pceSvn}`);
    return this.#world.pckPem + this.#world.caPem + this.#world.rootPem;
  }
}

const world = aWorld();

describe('a source of collateral', () => {
  it('is asked for all that is missing', async () => {
    const source = new FakeSource(world);
    const { document, checks } = await judged(world, { collateral: [], source });
    expect(document).toMatchObject({ verdict: 'genuine', missing: [] });
    expect(source.asked.sort()).toEqual([
      'identity sgx',
      'pckcrl processor',
      'rootcacrl',
      `tcb sgx ${FMSPC}`,
    ]);
    expect(checks.find(({ name }) => name === 'tcb-info-chosen')?.detail).toBe(source.name);
  });

  it('is not asked for what is there or left out', async () => {
    const source = new FakeSource(world);
    await judged(world, { source });
    await judged(world, {
      collateral: [],
      without: ['tcb-info', 'pck-crl', 'root-ca-crl', 'qe-identity'],
      source,
    });
    expect(source.asked).toEqual([]);
  });

  it('is asked for a signer that is missing, with its document', async () => {
    const source = new FakeSource(world);
    const { tcbInfo, qeIdentity, pckCrl, rootCaCrl } = world.collateral;
    const collateral = [tcbInfo, qeIdentity, pckCrl, rootCaCrl].map((bytes) => named(bytes));
    expect((await judged(world, { collateral, source })).document.verdict).toBe('genuine');
  });

  it('that does not have it leaves it missing, and says why', async () => {
    const source = new FakeSource(world);
    source.rootCaCrl = () => Promise.reject(new GoneError('PCS_NOT_FOUND', 'no such list'));
    const { document } = await judged(world, { collateral: [], source });
    expect(document).toMatchObject({
      verdict: 'not-judged',
      code: 'COLLATERAL_MISSING',
      missing: ['root-ca-crl'],
    });
    expect(document.checks).toContainEqual({
      name: 'root-ca-crl-fetched',
      result: 'failed',
      detail: 'PCS_NOT_FOUND; no such list',
    });
  });

  it('that fails in a way of its own is not passed over', async () => {
    const source = new FakeSource(world);
    source.rootCaCrl = () => Promise.reject(new Error('a bug'));
    await expect(judged(world, { collateral: [], source })).rejects.toThrow('a bug');
  });
});

describe('a quote without its PCK chain', () => {
  const identifier: CertificationData = {
    type: 3,
    ppid: filled(384, 0x33),
    cpuSvn: filled(16, 1),
    pceSvn: 13,
    pceId: 0,
  };
  const quote = (certificationData: CertificationData) => world.quote({ certificationData });

  it.each<[string, CertificationData]>([
    ['names its platform, encrypted', identifier],
    ['names its platform in the clear', { ...identifier, type: 1, ppid: filled(16, 0x11) }],
    ['carries its certificate alone', { type: 4, pem: world.pckPem }],
  ])('is judged with certificates beside it when it %s', async (_name, data) => {
    const collateral = [bundle(world), named(world.pckPem), named(world.caPem + world.rootPem)];
    const { document } = await judged(world, { evidence: quote(data), collateral });
    expect(document).toMatchObject({ verdict: 'genuine', facts: { fmspc: FMSPC } });
  });

  it('is not judged with the certificate of another platform', async () => {
    const other = aWorld({ name: 'other' });
    const collateral = [bundle(world), named(other.pckPem + other.caPem + other.rootPem)];
    const { document } = await judged(world, { evidence: quote(identifier), collateral });
    expect(document).toMatchObject({
      code: 'COLLATERAL_MISSING',
      missing: ['pck-certificate-chain'],
    });
  });

  it('is completed from a source by the name of its platform', async () => {
    const source = new FakeSource(world);
    const { document } = await judged(world, {
      evidence: quote(identifier),
      collateral: [],
      source,
    });
    expect(document.verdict).toBe('genuine');
    expect(source.asked[0]).toBe(`pckcert ${'55'.repeat(16)} 384 13`);
  });

  it('is completed by the CAs above the certificate that it carries', async () => {
    const source = new FakeSource(world);
    const evidence = quote({ type: 4, pem: world.pckPem });
    expect((await judged(world, { evidence, collateral: [], source })).document.verdict).toBe(
      'genuine',
    );
    expect(source.asked[0]).toBe('pckcrl processor');
  });
});
