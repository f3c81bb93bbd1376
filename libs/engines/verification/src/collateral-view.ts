import { sha256Hex } from '@touchstone/bytes';
import type { Collateral, CollateralDigests } from '@touchstone/collateral';
import { collateralDigests } from '@touchstone/collateral';
import type { Trail } from './trail';

/** Documents that a caller may do without, saying so. */
export type Omittable = 'pck-crl' | 'root-ca-crl';

/** Collateral of which CRLs may be missing when the caller does without them. */
export type PartialCollateral = Partial<Collateral>;

/** A private copy of collateral and the digests of exactly those bytes. */
export interface CollateralView {
  /** Stands for the digests and for what is left out. */
  readonly id: string;
  /** Parts that are not used are empty. */
  readonly parts: Collateral;
  /** Empty text for parts that are not used. */
  readonly digests: CollateralDigests;
  readonly without: readonly Omittable[];
}

const PARTS = [
  'tcbInfo',
  'tcbInfoIssuerChain',
  'qeIdentity',
  'qeIdentityIssuerChain',
  'pckCrl',
  'pckCrlIssuerChain',
  'rootCaCrl',
] as const satisfies readonly (keyof Collateral)[];

/** Parts that nothing is proven by: the CRL is checked with the CA of the PCK chain, this chain only has dates. */
const OPTIONAL: ReadonlySet<keyof Collateral> = new Set(['pckCrlIssuerChain'] as const);

const OMITTED: Readonly<Partial<Record<keyof Collateral, Omittable>>> = {
  pckCrl: 'pck-crl',
  rootCaCrl: 'root-ca-crl',
};

/**
 * Remembers the digests of collateral objects. A remembered object is compared byte for byte with the copy that was
 * digested, so that one changed in place is simply another one.
 */
export class CollateralViews {
  readonly #views = new WeakMap<PartialCollateral, CollateralView>();

  view(trail: Trail, collateral: PartialCollateral, without: readonly Omittable[]): CollateralView {
    const known = this.#views.get(collateral);
    if (known !== undefined && isSame(known, collateral, without)) {
      trail.passed('collateral-present');
      return known;
    }
    const view = createView(trail, collateral, without);
    this.#views.set(collateral, view);
    return view;
  }
}

function createView(
  trail: Trail,
  collateral: PartialCollateral,
  without: readonly Omittable[],
): CollateralView {
  const parts = copyOf(collateral, without);
  const missing = PARTS.find((name) => parts[name].length === 0 && isNeeded(name, without));
  if (missing !== undefined) {
    return trail.fail('collateral-present', 'COLLATERAL_MISSING', { expected: missing });
  }
  trail.passed('collateral-present');
  const digests = digestsOf(parts);
  const id = sha256Hex(JSON.stringify([digests, [...without].sort()]));
  return { id, parts, digests, without: [...without] };
}

function isNeeded(name: keyof Collateral, without: readonly Omittable[]): boolean {
  const omittable = OMITTED[name];
  return !OPTIONAL.has(name) && (omittable === undefined || !without.includes(omittable));
}

function copyOf(collateral: PartialCollateral, without: readonly Omittable[]): Collateral {
  const bytes = (part: Uint8Array | undefined): Uint8Array => new Uint8Array(part ?? []);
  const {
    tcbInfoIssuerChain = '',
    qeIdentityIssuerChain = '',
    pckCrlIssuerChain = '',
  } = collateral;
  return {
    tcbInfo: bytes(collateral.tcbInfo),
    tcbInfoIssuerChain,
    qeIdentity: bytes(collateral.qeIdentity),
    qeIdentityIssuerChain,
    pckCrl: bytes(without.includes('pck-crl') ? undefined : collateral.pckCrl),
    pckCrlIssuerChain,
    rootCaCrl: bytes(without.includes('root-ca-crl') ? undefined : collateral.rootCaCrl),
  };
}

function digestsOf(parts: Collateral): CollateralDigests {
  const digests = { ...collateralDigests(parts) };
  for (const name of PARTS) if (parts[name].length === 0) digests[name] = '';
  return digests;
}

function isSame(
  view: CollateralView,
  collateral: PartialCollateral,
  without: readonly Omittable[],
): boolean {
  if (view.without.length !== without.length) return false;
  if (!view.without.every((part) => without.includes(part))) return false;
  return PARTS.every((name) => {
    const omittable = OMITTED[name];
    if (omittable !== undefined && without.includes(omittable)) return true;
    return isSamePart(view.parts[name], collateral[name] ?? '');
  });
}

function isSamePart(mine: string | Uint8Array, theirs: string | Uint8Array): boolean {
  if (typeof mine === 'string' || typeof theirs === 'string') {
    return mine === theirs || (mine.length === 0 && theirs.length === 0);
  }
  return mine.length === theirs.length && Buffer.compare(mine, theirs) === 0;
}
