import fc from 'fast-check';
import { parseTcbInfo, type PckExtension } from '@touchstone/collateral';
import {
  componentsOf,
  LEVELS,
  pckPem,
  tcbInfoBody,
  tcbmOf,
  type Svns,
} from './__fixtures__/upstream';
import {
  selectPckCertificate,
  type CandidateCertificate,
  type PckSelection,
} from './pck-selection';

const pems = new Map<string, CandidateCertificate>();
/** Signing a certificate is slow: one for each TCB. */
function candidate(svns: Svns): CandidateCertificate {
  const tcbm = tcbmOf(svns);
  const known = pems.get(tcbm) ?? { tcbm, certificate: pckPem(svns) };
  pems.set(tcbm, known);
  return known;
}

const selection = (
  raw: Svns,
  certified: readonly Svns[],
  levels: readonly Svns[] = LEVELS,
): PckSelection => ({
  cpuSvn: Uint8Array.from(componentsOf(raw)),
  pceSvn: raw[2],
  pceId: new Uint8Array(2),
  tcbInfo: parseTcbInfo(tcbInfoBody(levels)),
  candidates: certified.map(candidate),
});

const chosen = (...parameters: Parameters<typeof selection>): string | undefined =>
  selectPckCertificate(selection(...parameters))?.tcbm;

describe('selectPckCertificate', () => {
  it('takes the certificate of the very TCB', () => {
    expect(chosen([13, 1, 15], LEVELS)).toBe(tcbmOf([13, 1, 15]));
  });

  it('takes the best one below it', () => {
    expect(chosen([14, 0, 20], LEVELS)).toBe(tcbmOf([13, 0, 15]));
    expect(chosen([12, 1, 15], LEVELS)).toBe(tcbmOf([12, 1, 13]));
  });

  it('ranks by TCB level, not by the size of the SVNs', () => {
    // The second certificate is higher in most components, but only the first reaches the first level.
    const levels: readonly Svns[] = [
      [5, 3, 10],
      [4, 0, 10],
    ];
    expect(
      chosen(
        [9, 9, 20],
        [
          [9, 2, 20],
          [5, 3, 10],
        ],
        levels,
      ),
    ).toBe(tcbmOf([5, 3, 10]));
  });

  it('takes the higher one of two in a level', () => {
    expect(
      chosen(
        [13, 5, 20],
        [
          [13, 2, 15],
          [13, 4, 15],
          [13, 3, 15],
        ],
      ),
    ).toBe(tcbmOf([13, 4, 15]));
  });

  it('keeps the order of those that cannot be compared', () => {
    expect(
      chosen(
        [20, 20, 20],
        [
          [13, 9, 15],
          [15, 2, 15],
        ],
      ),
    ).toBe(tcbmOf([13, 9, 15]));
    expect(
      chosen(
        [20, 20, 20],
        [
          [15, 2, 15],
          [13, 9, 15],
        ],
      ),
    ).toBe(tcbmOf([15, 2, 15]));
  });

  it('takes one below every level last', () => {
    expect(
      chosen(
        [12, 0, 13],
        [
          [1, 0, 1],
          [12, 0, 12],
        ],
      ),
    ).toBe(tcbmOf([12, 0, 12]));
  });

  it('sorts levels that are not in order', () => {
    const levels = LEVELS.toReversed();
    expect(chosen([13, 1, 15], LEVELS, levels)).toBe(tcbmOf([13, 1, 15]));
  });

  it('finds none above the raw TCB', () => {
    expect(chosen([1, 0, 0], LEVELS)).toBeUndefined();
    expect(chosen([13, 1, 12], LEVELS)).toBeUndefined();
    expect(chosen([13, 1, 15], [])).toBeUndefined();
  });

  const svns = fc.tuple(
    fc.integer({ min: 10, max: 14 }),
    fc.integer({ min: 0, max: 2 }),
    fc.integer({ min: 12, max: 15 }),
  );

  it('never takes one that the platform does not reach, nor passes one over that it does', () => {
    fc.assert(
      fc.property(
        svns,
        fc.uniqueArray(svns, { maxLength: 5, selector: tcbmOf }),
        (raw, certified) => {
          const reached = certified.filter((one) =>
            one.every((svn, index) => svn <= (raw[index] ?? 0)),
          );
          const found = chosen(raw, certified);
          if (reached.length === 0) expect(found).toBeUndefined();
          else expect(reached.map(tcbmOf)).toContain(found);
        },
      ),
      { numRuns: 60 },
    );
  });

  const odd = (change: Partial<PckExtension>): PckSelection => {
    const raw: Svns = [13, 1, 15];
    const whole = selection(raw, LEVELS);
    const certificate = pckPem(raw, change);
    return { ...whole, candidates: [...whole.candidates, { tcbm: tcbmOf(raw), certificate }] };
  };
  const sound = selection([13, 1, 15], LEVELS);

  it.each([
    ['FMSPC', odd({ fmspc: new Uint8Array(6) })],
    ['PCEID', odd({ pceId: Uint8Array.of(1, 0) })],
    ['PPID', odd({ ppid: new Uint8Array(16).fill(1) })],
    [
      'CPUSVN',
      odd({
        tcb: { components: componentsOf([13, 1, 15]), pceSvn: 15, cpuSvn: new Uint8Array(16) },
      }),
    ],
    ['pceId', { ...sound, pceId: Uint8Array.of(1, 0) }],
    ['certificate', { ...sound, candidates: [{ tcbm: '', certificate: 'none' }] }],
  ])('refuses certificates that contradict each other in %s', (field, contradictory) => {
    expect(() => selectPckCertificate(contradictory)).toThrow(
      expect.objectContaining({ code: 'PCK_CACHE_INCONSISTENT', field }),
    );
  });
});
