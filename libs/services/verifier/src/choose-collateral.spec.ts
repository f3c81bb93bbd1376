import { fromUtf8, toUtf8 } from '@touchstone/bytes';
import type { Collateral } from '@touchstone/collateral';
import { judged, found, named } from './__fixtures__/judged';
import type { World } from './__fixtures__/world';
import { AT, aWorld, filled, intelStructure } from './__fixtures__/world';
import type { GivenFile } from './pool';

const world = aWorld();
const DAY = 24 * 60 * 60 * 1000;
const after = (days: number): Date => new Date(AT.getTime() + days * DAY);

/** Every document of the world in a file of its own, as they lie in a folder. */
const folder = ({ collateral, signerPem, rootPem }: World, name = 'folder'): GivenFile[] => [
  ...(['tcbInfo', 'qeIdentity', 'pckCrl', 'rootCaCrl'] as const).map((part) =>
    found(collateral[part], `${name}/${part}`),
  ),
  found(signerPem, `${name}/signer.pem`),
  found(rootPem, `${name}/root.pem`),
];

const sourceOf = (checks: readonly { name: string; detail?: string }[], part: string) =>
  checks.find(({ name }) => name === `${part}-chosen`)?.detail;

describe('out of a folder', () => {
  it('finds everything by content', async () => {
    const { document } = await judged(world, { collateral: folder(world) });
    expect(document).toMatchObject({ verdict: 'genuine', tcbStatus: 'SWHardeningNeeded' });
  });

  it('passes over what it does not know', async () => {
    const collateral = [found('hello'), found(filled(99, 0x9c)), ...folder(world)];
    expect((await judged(world, { collateral })).document.verdict).toBe('genuine');
  });

  it('takes the document of this FMSPC', async () => {
    const other = aWorld({ tcbInfo: { fmspc: '112233445566' } });
    const collateral = [found(other.collateral.tcbInfo, 'other'), ...folder(world)];
    const { document, checks } = await judged(world, { collateral });
    expect(document.verdict).toBe('genuine');
    expect(sourceOf(checks, 'tcb-info')).toBe('folder/tcbInfo');
  });

  it('misses the one of this FMSPC when there are only others', async () => {
    const other = aWorld({ tcbInfo: { fmspc: '112233445566' } });
    const { document } = await judged(world, { collateral: folder(other) });
    expect(document).toMatchObject({ code: 'COLLATERAL_MISSING', missing: ['tcb-info'] });
  });

  it('takes the document that is good at the instant, not the newest of all', async () => {
    const next = aWorld({
      tcbInfo: { issueDate: after(20), nextUpdate: after(50), tcbEvaluationDataNumber: 18 },
    });
    const collateral = [found(next.collateral.tcbInfo, 'next'), ...folder(world)];
    expect(sourceOf((await judged(world, { collateral })).checks, 'tcb-info')).toBe(
      'folder/tcbInfo',
    );
    const { checks } = await judged(world, { collateral, at: after(21) });
    expect(sourceOf(checks, 'tcb-info')).toBe('next');
  });

  it('takes the newest of those that are good', async () => {
    const newer = aWorld({ tcbInfo: { tcbEvaluationDataNumber: 18 } });
    const collateral = [...folder(world), found(newer.collateral.tcbInfo, 'newer')];
    const { checks, document } = await judged(world, { collateral });
    expect(sourceOf(checks, 'tcb-info')).toBe('newer');
    expect(document.facts['tcbEvaluationDataNumber']).toBe(18);
  });

  it('takes what has expired when there is nothing else, and rejects by it', async () => {
    const old = aWorld({ tcbInfo: { issueDate: after(-50), nextUpdate: after(-20) } });
    const { document } = await judged(old, { collateral: folder(old) });
    expect(document).toMatchObject({
      verdict: 'rejected',
      code: 'TCB_INFO_EXPIRED',
      tcbStatus: 'SWHardeningNeeded',
    });
  });

  it('keeps to the documents of its own world, whose names another has as well', async () => {
    const other = aWorld({ name: 'other' });
    const collateral = [...folder(other, 'a'), ...folder(world, 'b'), ...folder(other, 'c')];
    expect((await judged(world, { collateral })).document.verdict).toBe('genuine');
    expect((await judged(other, { collateral })).document.verdict).toBe('genuine');
  });

  it('takes the CRL of the CA that issued the certificate', async () => {
    const platform = aWorld({ ca: 'Platform' });
    const collateral = [...folder(world, 'processor'), ...folder(platform, 'platform')];
    const { checks, document } = await judged(platform, { collateral });
    expect(document).toMatchObject({ verdict: 'genuine', facts: { pckCa: 'platform' } });
    expect(sourceOf(checks, 'pck-crl')).toBe('platform/pckCrl');
  });
});

describe('a file that is named', () => {
  it('is taken before what a folder has, even when it is worse', async () => {
    const old = aWorld({ tcbInfo: { issueDate: after(-50), nextUpdate: after(-20) } });
    const collateral = [...folder(world), named(old.collateral.tcbInfo, 'old')];
    expect((await judged(world, { collateral })).document.code).toBe('TCB_INFO_EXPIRED');
  });

  it.each([
    [
      'TCB info that is malformed',
      'TCB_INFO_MALFORMED',
      { tcbInfo: '{"tcbInfo":{},"signature":""}' },
    ],
    [
      'an identity that is malformed',
      'QE_IDENTITY_MALFORMED',
      { qeIdentity: '{"enclaveIdentity":{},"signature":""}' },
    ],
    [
      'TCB info that was changed',
      'TCB_INFO_INVALID_SIGNATURE',
      { tcbInfo: changed(world.collateral, 'tcbInfo') },
    ],
    [
      'an identity that was changed',
      'QE_IDENTITY_INVALID_SIGNATURE',
      { qeIdentity: changed(world.collateral, 'qeIdentity') },
    ],
  ])(
    'is judged, not passed over: %s',
    async (_name, code, parts: Partial<Record<'tcbInfo' | 'qeIdentity', string>>) => {
      const { tcbInfo, qeIdentity, pckCrl, rootCaCrl } = world.collateral;
      const collateral = [
        named(parts.tcbInfo ?? tcbInfo),
        named(parts.qeIdentity ?? qeIdentity),
        named(pckCrl),
        named(rootCaCrl),
        named(world.signerPem + world.rootPem),
      ];
      expect((await judged(world, { collateral })).document).toMatchObject({
        verdict: 'rejected',
        code,
      });
    },
  );

  it('is judged when its CRL is of another CA', async () => {
    const platform = aWorld({ ca: 'Platform' });
    const structure = {
      ...intelStructure(world.collateral),
      pck_crl: Buffer.from(platform.collateral.pckCrl).toString('hex'),
    };
    const { document } = await judged(world, { collateral: [named(JSON.stringify(structure))] });
    expect(document).toMatchObject({ verdict: 'rejected', code: 'CRL_UNKNOWN_ISSUER' });
  });

  it('is one of a heap when several do not fit', async () => {
    const [a, b] = ['112233445566', '665544332211'].map((fmspc) => aWorld({ tcbInfo: { fmspc } }));
    const rest = folder(world).filter(({ name }) => name !== 'folder/tcbInfo');
    const collateral = [...rest, named(a!.collateral.tcbInfo), named(b!.collateral.tcbInfo)];
    expect((await judged(world, { collateral })).document.missing).toEqual(['tcb-info']);
  });
});

function changed(collateral: Collateral, part: 'tcbInfo' | 'qeIdentity'): string {
  const text = toUtf8(collateral[part]);
  return toUtf8(
    fromUtf8(text.replace('"tcbEvaluationDataNumber":17', '"tcbEvaluationDataNumber":18')),
  );
}
