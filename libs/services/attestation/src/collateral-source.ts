import type { Collateral } from '@touchstone/collateral';

/** Which collateral: the platform family, and the CA that certifies it. */
export interface CollateralKey {
  /** 12 hex digits, lower case. */
  readonly fmspc: string;
  readonly ca: 'processor' | 'platform';
}

/** Where collateral comes from. */
export interface CollateralSource {
  /** `undefined` when the source answers that it does not know the platform; rejects when it cannot answer. */
  fetch(key: CollateralKey): Promise<Collateral | undefined>;
}
