import { fromUtf8, toHex } from '@touchstone/bytes';
import type { Collateral } from '@touchstone/collateral';

/** An answer of a PCK caching service. */
export interface PccsAnswer {
  readonly body: Uint8Array;
  /** Issuer chains, percent-encoded. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Under whose paths TCB info and identity are; CRLs are below `sgx` for both. */
export type PccsTee = 'sgx' | 'tdx';

const API = 'certification/v4';

/** What a cache that holds one platform's collateral answers to a path of the PCCS API, version 4; else undefined. */
export function pccsAnswer(
  collateral: Collateral,
  path: string,
  tee: PccsTee = 'sgx',
): PccsAnswer | undefined {
  switch (path) {
    case `/${tee}/${API}/tcb`:
      return answer(collateral.tcbInfo, 'TCB-Info-Issuer-Chain', collateral.tcbInfoIssuerChain);
    case `/${tee}/${API}/qe/identity`:
      return answer(
        collateral.qeIdentity,
        'SGX-Enclave-Identity-Issuer-Chain',
        collateral.qeIdentityIssuerChain,
      );
    case `/sgx/${API}/pckcrl`:
      return answer(collateral.pckCrl, 'SGX-PCK-CRL-Issuer-Chain', collateral.pckCrlIssuerChain);
    case `/sgx/${API}/rootcacrl`:
      return { body: fromUtf8(toHex(collateral.rootCaCrl)), headers: {} };
    default:
      return undefined;
  }
}

const answer = (body: Uint8Array, name: string, chain: string): PccsAnswer => ({
  body,
  headers: { [name]: encodeURIComponent(chain) },
});
