import { refusal } from './__fixtures__/verdict';
import type { World } from './__fixtures__/world';
import { AT, NEXT_UPDATE, aWorld, serialOf } from './__fixtures__/world';
import type { QuoteVerifier } from './index';
import { createQuoteVerifier, verifyQuote } from './index';
import { Lru } from './lru';

const world = aWorld();
const later = new Date(NEXT_UPDATE.getTime() + 1);
const fresh = (memoEntries?: number): QuoteVerifier =>
  createQuoteVerifier({
    anchors: [world.anchor],
    ...(memoEntries === undefined ? {} : { memoEntries }),
  });

/** Whatever a verifier has seen before, it answers like one that has seen nothing. */
function expectSame(
  verifier: QuoteVerifier,
  { quote, collateral }: Pick<World, 'quote' | 'collateral'>,
  at = AT,
): void {
  const anew = (): unknown => verifyQuote(quote, collateral, { anchors: [world.anchor], at });
  const remembered = (): unknown => verifier.verify(quote, collateral, at);
  let expected: unknown;
  try {
    expected = anew();
  } catch {
    const [mine, theirs] = [refusal(remembered), refusal(anew)];
    expect([mine.code, mine.checks]).toEqual([theirs.code, theirs.checks]);
    return;
  }
  expect(remembered()).toEqual(expected);
}

describe('createQuoteVerifier', () => {
  it('gives the same result again, by the same checks', () => {
    const verifier = fresh();
    const first = verifier.verify(world.quote, world.collateral, AT);
    expect(verifier.verify(world.quote, world.collateral, AT)).toEqual(first);
    expect(verifier.verify(world.quote, { ...world.collateral }, AT)).toEqual(first);
  });

  it('looks at the dates again each time', () => {
    const verifier = fresh();
    expect(verifier.verify(world.quote, world.collateral, AT).collateral.expired).toEqual([]);
    expect(verifier.verify(world.quote, world.collateral, later).collateral.expired).toContain(
      'tcb-info',
    );
    expect(verifier.verify(world.quote, world.collateral, AT).collateral.expired).toEqual([]);
  });

  it.each(['tcbInfo', 'qeIdentity', 'pckCrl', 'rootCaCrl'] as const)(
    'sees that %s was changed in place, inside the object that it knows',
    (name) => {
      const collateral = structuredClone(world.collateral);
      const verifier = fresh();
      verifier.verify(world.quote, collateral, AT);
      const at = collateral[name].length - 40;
      collateral[name][at]! ^= 1;
      refusal(() => verifier.verify(world.quote, collateral, AT));
      collateral[name][at]! ^= 1;
      expect(verifier.verify(world.quote, collateral, AT).tcb.status).toBe('UpToDate');
    },
  );

  it.each(['tcbInfoIssuerChain', 'qeIdentityIssuerChain', 'pckCrlIssuerChain'] as const)(
    'sees that %s was replaced inside the object that it knows',
    (name) => {
      const collateral = { ...world.collateral };
      const verifier = fresh();
      verifier.verify(world.quote, collateral, AT);
      collateral[name] = aWorld({ realm: 'other' }).collateral[name];
      refusal(() => verifier.verify(world.quote, collateral, AT));
    },
  );

  it('never turns a refusal into anything else, in whatever order things come', () => {
    const forgedQuote = {
      ...world.quote,
      signature: world.quote.signature.map((byte, i) => (i === 9 ? byte ^ 1 : byte)),
    };
    const forgedReport = { ...world.quote, qeReportSignature: world.quote.signature };
    const otherChain = {
      ...world.quote,
      certificationData: aWorld({ realm: 'other' }).quote.certificationData,
    };
    const revoked = aWorld({ pckCrl: { revoked: [{ serial: serialOf('leaf'), at: AT }] } });
    const forgedInfo = aWorld({ signedBy: { tcbInfo: 'root' } });
    const cases = [
      world,
      { quote: forgedQuote, collateral: world.collateral },
      { quote: forgedReport, collateral: world.collateral },
      { quote: otherChain, collateral: world.collateral },
      { quote: world.quote, collateral: revoked.collateral },
      { quote: world.quote, collateral: forgedInfo.collateral },
    ];
    const verifier = fresh();
    const small = fresh(1);
    for (const one of cases) {
      for (const other of cases) {
        for (const at of [AT, later]) {
          for (const each of [verifier, small]) {
            expectSame(each, one, at);
            expectSame(each, other, at);
          }
        }
      }
    }
  });

  it('asks for revocation with each CRL, though the chain is known', () => {
    const verifier = fresh();
    verifier.verify(world.quote, world.collateral, AT);
    const { collateral } = aWorld({ pckCrl: { revoked: [{ serial: serialOf('leaf'), at: AT }] } });
    expect(refusal(() => verifier.verify(world.quote, collateral, AT)).code).toBe('PCK_REVOKED');
  });

  it('keeps what is done without apart from what was looked at', () => {
    const verifier = fresh();
    const options = { without: ['pck-crl'] } as const;
    const { collateral } = aWorld({ pckCrl: { revoked: [{ serial: serialOf('leaf'), at: AT }] } });
    expect(verifier.verify(world.quote, collateral, AT, options).collateral.without).toEqual([
      'pck-crl',
    ]);
    expect(refusal(() => verifier.verify(world.quote, collateral, AT)).code).toBe('PCK_REVOKED');
    expect(verifier.verify(world.quote, collateral, AT, options).collateral.without).toEqual([
      'pck-crl',
    ]);
  });

  it('does not follow a caller who changes the anchors afterwards', () => {
    const anchors = [{ ...world.anchor, publicKey: world.anchor.publicKey.slice() }];
    const verifier = createQuoteVerifier({ anchors });
    anchors[0]!.publicKey.fill(0);
    expect(verifier.verify(world.quote, world.collateral, AT).anchor).toBe('test');
  });
});

describe('Lru', () => {
  it('lets the entry go that was not asked for longest', () => {
    const lru = new Lru<number>(2);
    lru.set('a', 1);
    lru.set('b', 2);
    expect(lru.get('a')).toBe(1);
    lru.set('c', 3);
    expect([lru.get('a'), lru.get('b'), lru.get('c')]).toEqual([1, undefined, 3]);
    expect(lru.size).toBe(2);
    expect(lru.get('c')).toBe(3);
    lru.set('d', 4);
    expect([lru.get('a'), lru.get('c'), lru.get('d')]).toEqual([undefined, 3, 4]);
  });
});
