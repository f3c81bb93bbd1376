import type { CollateralDigests, PckConfiguration, SgxType } from '@touchstone/collateral';
import type { Check } from '@touchstone/decision';
import type { Quote } from '@touchstone/quote';
import type { Omittable } from './collateral-view';
import type { LevelFacts } from './tcb-verdict';
import type { TcbStatus } from './tcb-status';
import type { DateFacts } from './validity';

/** What was proven of a quote, and by what. */
export interface VerifiedQuote {
  readonly quote: Quote;
  readonly body: Quote['body'];
  /** Name of the trust anchor that everything chains up to. */
  readonly anchor: string;
  readonly tcb: TcbFacts;
  readonly qe: LevelFacts & { readonly evaluationDataNumber: number };
  /** TDX with a module version only. */
  readonly tdxModule?: LevelFacts & { readonly id: string };
  readonly pck: PckFacts;
  readonly collateral: CollateralFacts;
  readonly checks: readonly Check[];
  readonly provenAt: Date;
}

export interface TcbFacts {
  /** Platform, quoting enclave and TDX module together. */
  readonly status: TcbStatus;
  /** The platform's level alone. */
  readonly levelStatus: LevelFacts['status'];
  /** `tcbDate` of the platform's level. */
  readonly date: Date;
  /** Of the platform's level; see `allAdvisories` for the union. */
  readonly advisoryIds: readonly string[];
  /** That of the TCB info. */
  readonly evaluationDataNumber: number;
}

export interface PckFacts {
  /** 12 hex digits, lower case, as all hex here. */
  readonly fmspc: string;
  /** 32 hex digits. */
  readonly ppid: string;
  /** 4 hex digits, as in the certificate. */
  readonly pceId: string;
  /** 32 hex digits. */
  readonly cpuSvn: string;
  readonly pceSvn: number;
  readonly ca: 'processor' | 'platform';
  readonly sgxType: SgxType;
  readonly serialNumber: string;
  readonly platformInstanceId?: string;
  readonly configuration?: PckConfiguration;
}

export interface CollateralFacts extends DateFacts {
  readonly digests: CollateralDigests;
  /** The lower of the two evaluation numbers. */
  readonly evaluationDataNumber: number;
  /** Issue date of TCB info or identity, whichever is older: what an age limit is measured from. */
  readonly oldestDocument: Date;
  readonly rootCaCrlNumber?: bigint;
  readonly pckCrlNumber?: bigint;
  /** SHA-384 of the root's uncompressed public key, 96 hex digits. */
  readonly rootKeyId: string;
  /** What was deliberately not looked at. */
  readonly without: readonly Omittable[];
}

/** Advisories of platform, quoting enclave and TDX module, each once, in that order. */
export function allAdvisories({
  tcb,
  qe,
  tdxModule,
}: Pick<VerifiedQuote, 'tcb' | 'qe' | 'tdxModule'>): string[] {
  return [...new Set([...tcb.advisoryIds, ...qe.advisoryIds, ...(tdxModule?.advisoryIds ?? [])])];
}
