import type { PlatformIdentifier, Quote } from '@touchstone/quote';
import { parseCertificationData } from '@touchstone/quote';
import { hasCode } from '@touchstone/errors';
import { attempt } from './attempt';
import type { ChosenCollateral } from './choose-collateral';
import { chooseCollateral } from './choose-collateral';
import { toHex } from '@touchstone/bytes';
import type { CollateralPart } from '@touchstone/verification';
import type { MissingPart } from './parts';
import { partLost } from './parts';
import type { CollateralPiece } from './pieces';
import { crlPiece, identityPiece, tcbInfoPiece } from './pieces';
import type { Platform } from './platform';
import type { Pool } from './pool';
import { candidatesOf } from './pool';
import { piecesOfPem } from './recognise-binary';

/** A document with the PEM chain that a service gave with it. */
export interface FetchedDocument {
  readonly body: Uint8Array;
  readonly issuerChain: string;
}

/** What a PCK caching service is asked with for a certificate. */
export interface PlatformName {
  /** QE_ID, 16 bytes. */
  readonly qeId: Uint8Array;
  /** Absent when the quote has the PPID in the clear. */
  readonly encryptedPpid?: Uint8Array;
  /** 16 bytes. */
  readonly cpuSvn: Uint8Array;
  readonly pceSvn: number;
  readonly pceId: number;
}

/** Where missing collateral can be asked for; each method may throw an error with a code. */
export interface CollateralSource {
  /** Such as its address. */
  readonly name: string;
  tcbInfo(tee: Quote['teeType'], fmspc: string): Promise<FetchedDocument>;
  qeIdentity(tee: Quote['teeType']): Promise<FetchedDocument>;
  pckCrl(ca: 'processor' | 'platform'): Promise<FetchedDocument>;
  rootCaCrl(): Promise<Uint8Array>;
  /** PEM: certificate, intermediate, root. */
  pckCertificateChain(platform: PlatformName): Promise<string>;
}

/** Why a part could not be fetched. */
export interface FetchFailure {
  readonly part: MissingPart;
  readonly code: string;
  readonly message: string;
}

export interface CompletedCollateral {
  readonly chosen: ChosenCollateral;
  readonly failures: readonly FetchFailure[];
}

/** Chooses from the pool, and asks the source for what is missing and not left out. */
export async function completeCollateral(
  quote: Quote,
  given: Pool,
  {
    at,
    without,
    source,
  }: {
    readonly at: Date;
    readonly without: readonly CollateralPart[];
    readonly source?: CollateralSource | undefined;
  },
): Promise<CompletedCollateral> {
  const first = chooseCollateral(quote, given, at);
  if (source === undefined) return { chosen: first, failures: [] };
  const fetch = new Fetch(quote, source);
  let pool = given;
  let chosen = first;
  if (first.missing.includes('pck-certificate-chain')) {
    pool = pool.with(await fetch.part('pck-certificate-chain', first.platform));
    chosen = chooseCollateral(quote, pool, at);
  }
  const wanted = chosen.missing.filter((part) => {
    const lost = partLost(part);
    return lost !== undefined && !without.includes(lost);
  });
  if (wanted.length === 0) return { chosen, failures: fetch.failures };
  const { platform } = chosen;
  const fetched = await Promise.all(wanted.map((part) => fetch.part(part, platform)));
  return {
    chosen: chooseCollateral(quote, pool.with(fetched.flat()), at),
    failures: fetch.failures,
  };
}

class Fetch {
  readonly failures: FetchFailure[] = [];
  readonly #quote: Quote;
  readonly #source: CollateralSource;

  constructor(quote: Quote, source: CollateralSource) {
    this.#quote = quote;
    this.#source = source;
  }

  /** Candidates for the part; none, and a failure noted, when the source has none. */
  async part(part: MissingPart, platform: Platform) {
    try {
      return candidatesOf(await this.#pieces(part, platform), this.#source.name, true);
    } catch (error) {
      if (!hasCode(error)) throw error;
      this.failures.push({ part, code: error.code, message: error.message });
      return [];
    }
  }

  async #pieces(part: MissingPart, platform: Platform): Promise<CollateralPiece[]> {
    const { teeType } = this.#quote;
    const fmspc = platform.extension && toHex(platform.extension.fmspc);
    switch (part) {
      case 'tcb-info':
      case 'tcb-info-issuer-chain': {
        if (fmspc === undefined) return [];
        const { body, issuerChain } = await this.#source.tcbInfo(teeType, fmspc);
        return [tcbInfoPiece(body, issuerChain), ...piecesOfPem(issuerChain)];
      }
      case 'qe-identity':
      case 'qe-identity-issuer-chain': {
        const { body, issuerChain } = await this.#source.qeIdentity(teeType);
        return [identityPiece(body, issuerChain), ...piecesOfPem(issuerChain)];
      }
      case 'pck-crl': {
        const { body, issuerChain } = await this.#source.pckCrl(caOf(platform));
        return [crlPiece(body, 'pck-crl', issuerChain), ...piecesOfPem(issuerChain)];
      }
      case 'root-ca-crl':
        return [crlPiece(await this.#source.rootCaCrl(), 'root-ca-crl')];
      case 'pck-certificate-chain':
        return this.#pckCertificateChain(platform);
      default:
        return [];
    }
  }

  async #pckCertificateChain(platform: Platform): Promise<CollateralPiece[]> {
    // The leaf alone is in the quote: the CAs above it stand beside the CRL of its CA.
    if (platform.leaf !== undefined) {
      return piecesOfPem((await this.#source.pckCrl(caOf(platform))).issuerChain);
    }
    const name = platformName(this.#quote);
    return name === undefined ? [] : piecesOfPem(await this.#source.pckCertificateChain(name));
  }
}

function caOf({ intermediate, leaf }: Platform): 'processor' | 'platform' {
  const name = intermediate?.subject.commonName ?? leaf?.issuer.commonName ?? '';
  return name.includes('Platform') ? 'platform' : 'processor';
}

const QE_ID_SIZE = 16;

function platformName(quote: Quote): PlatformName | undefined {
  const data = attempt(() => parseCertificationData(quote.certificationData));
  if (data === undefined || !isPlatformIdentifier(data)) return undefined;
  const { type, ppid, cpuSvn, pceSvn, pceId } = data;
  const qeId = quote.header.userData.subarray(0, QE_ID_SIZE);
  return { qeId, ...(type === 1 ? {} : { encryptedPpid: ppid }), cpuSvn, pceSvn, pceId };
}

const isPlatformIdentifier = (
  data: ReturnType<typeof parseCertificationData>,
): data is PlatformIdentifier => data.type <= 3;
