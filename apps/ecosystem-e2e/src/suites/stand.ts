import type { Bundles } from '../bundles';
import type { EcosystemProcess } from '../ecosystem-process';
import type { RelyingParty } from '../relying-party';
import type { Ran } from '../touchstone';

/** The one ecosystem that all suites share, and how it was started. */
export interface Stand {
  readonly bundles: Bundles;
  readonly ecosystem: EcosystemProcess;
  readonly party: RelyingParty;
  readonly seed: string;
  readonly now: string;
  /** A fresh folder. */
  folder(name: string): string;
  /** `touchstone <args> --home <state folder of the ecosystem>`. */
  touchstone(...args: readonly string[]): Promise<Ran>;
}

/** Suites are declared before there is a stand. */
export type StandOf = () => Stand;
