import type { PckTcb, TcbLevel } from '@touchstone/collateral';

/** Where component comparison starts when TEE_TCB_SVN names a module version: the module is judged by its identity. */
const FIRST_COMPONENT_BESIDE_MODULE = 2;

/**
 * Levels highest first: SGX components as one string of 16, then PCESVN, then TDX components. The order of the document
 * is not relied on (QVL sorts as well).
 */
export function sortLevels(levels: readonly TcbLevel[]): readonly TcbLevel[] {
  return [...levels].sort((a, b) => compareLevels(b, a));
}

function compareLevels(a: TcbLevel, b: TcbLevel): number {
  return (
    compareComponents(a.sgxComponents, b.sgxComponents) ||
    a.pceSvn - b.pceSvn ||
    compareComponents(a.tdxComponents ?? [], b.tdxComponents ?? [])
  );
}

function compareComponents(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

export interface MatchedLevels {
  /** The first level whose SGX components and PCESVN the platform reaches. */
  readonly sgx?: TcbLevel;
  /** The first of those whose TDX components it reaches as well. */
  readonly tdx?: TcbLevel;
}

/**
 * The levels that a platform reaches, by the SVNs of its PCK certificate (not those of the quote) and, for TDX, by
 * TEE_TCB_SVN. `levels` must be sorted highest first.
 */
export function matchLevels(
  levels: readonly TcbLevel[],
  platform: PckTcb,
  teeTcbSvn?: Uint8Array,
): MatchedLevels {
  const reached = levels.filter((level) => reachesSgx(platform, level));
  const [sgx] = reached;
  if (sgx === undefined) return {};
  const tdx = teeTcbSvn && reached.find((level) => reachesTdx(teeTcbSvn, level));
  return tdx === undefined ? { sgx } : { sgx, tdx };
}

function reachesSgx(platform: PckTcb, level: TcbLevel): boolean {
  return platform.pceSvn >= level.pceSvn && reaches(platform.components, level.sgxComponents, 0);
}

function reachesTdx(teeTcbSvn: Uint8Array, level: TcbLevel): boolean {
  const hasModuleVersion = (teeTcbSvn[1] ?? 0) > 0;
  const from = hasModuleVersion ? FIRST_COMPONENT_BESIDE_MODULE : 0;
  return level.tdxComponents !== undefined && reaches(teeTcbSvn, level.tdxComponents, from);
}

/** Every component, not their order as a string: one that is lower makes the whole lower. */
function reaches(have: ArrayLike<number>, want: readonly number[], from: number): boolean {
  for (let i = from; i < want.length; i++) {
    if ((have[i] ?? 0) < (want[i] ?? 0)) return false;
  }
  return true;
}
