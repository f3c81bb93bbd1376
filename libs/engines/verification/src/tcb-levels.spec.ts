import fc from 'fast-check';
import type { TcbLevel } from '@touchstone/collateral';
import { matchLevels, sortLevels } from './tcb-levels';

const sixteen = (...first: readonly number[]): number[] => [
  ...first,
  ...Array<number>(16 - first.length).fill(0),
];

const level = (sgx: readonly number[], pceSvn: number, tdx?: readonly number[]): TcbLevel => ({
  sgxComponents: sixteen(...sgx),
  pceSvn,
  ...(tdx ? { tdxComponents: sixteen(...tdx) } : {}),
  tcbDate: new Date(0),
  tcbStatus: 'UpToDate',
  advisoryIds: [],
});

const platform = (sgx: readonly number[], pceSvn: number) => ({
  components: sixteen(...sgx),
  pceSvn,
  cpuSvn: Uint8Array.from(sixteen(...sgx)),
});

describe('matchLevels', () => {
  const newest = level([5, 5, 3], 13);
  const older = level([4, 4, 3], 13);
  const oldest = level([4, 4, 3], 11);
  const levels = sortLevels([older, oldest, newest]);

  it.each([
    ['exactly the newest', [5, 5, 3], 13, newest],
    ['above the newest', [255, 255, 255], 14, newest],
    ['one component below the newest', [5, 4, 3], 13, older],
    ['a low PCESVN', [5, 5, 3], 12, oldest],
    ['one component below every level', [5, 5, 2], 13, undefined],
    ['a PCESVN below every level', [5, 5, 3], 10, undefined],
  ] as const)('%s', (_name, components, pceSvn, expected) => {
    expect(matchLevels(levels, platform(components, pceSvn)).sgx).toBe(expected);
  });

  it('compares components as numbers up to 255, each by itself', () => {
    const [high] = sortLevels([level([1, 255], 0)]);
    if (high === undefined) throw new Error('a level is expected');
    expect(matchLevels([high], platform([255, 254], 0)).sgx).toBeUndefined();
    expect(matchLevels([high], platform([1, 255], 0)).sgx).toBe(high);
  });

  it('does not rely on the order of the document', () => {
    const component = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 3, maxLength: 3 });
    const some = fc.uniqueArray(fc.tuple(component, fc.integer({ min: 0, max: 3 })), {
      minLength: 1,
      maxLength: 8,
      selector: ([sgx, pceSvn]) => `${sgx.join('.')}/${pceSvn}`,
    });
    fc.assert(
      fc.property(some, component, fc.integer({ min: 0, max: 3 }), (tcbs, have, pceSvn) => {
        const document = tcbs.map(([sgx, svn]) => level(sgx, svn));
        const { sgx } = matchLevels(sortLevels(document), platform(have, pceSvn));
        expect(matchLevels(sortLevels([...document].reverse()), platform(have, pceSvn)).sgx).toBe(
          sgx,
        );
        if (sgx === undefined) return;
        // What it gives is reached, and nothing higher is.
        expect(
          sgx.sgxComponents.every((svn, i) => (have[i] ?? 0) >= svn) && pceSvn >= sgx.pceSvn,
        ).toBe(true);
        const higher = sortLevels(document).slice(0, sortLevels(document).indexOf(sgx));
        expect(matchLevels(higher, platform(have, pceSvn)).sgx).toBeUndefined();
      }),
    );
  });

  describe('with a TEE_TCB_SVN', () => {
    const tdxLevels = sortLevels([
      level([5], 13, [6, 1, 4]),
      level([5], 13, [5, 1, 3]),
      level([4], 13, [4, 0, 3]),
    ]);
    const [first, second, third] = tdxLevels;
    const at = (...svn: readonly number[]) =>
      matchLevels(tdxLevels, platform([5], 13), Uint8Array.from(sixteen(...svn)));

    it('gives the SGX level, and the first of the reached ones that TDX reaches too', () => {
      expect(at(6, 0, 4)).toEqual({ sgx: first, tdx: third });
      expect(at(0, 0, 2)).toEqual({ sgx: first });
    });

    it('leaves the first two components to the module identity when a module version is named', () => {
      expect(at(0, 1, 4)).toEqual({ sgx: first, tdx: first });
      expect(at(0, 1, 3)).toEqual({ sgx: first, tdx: second });
    });
  });
});
