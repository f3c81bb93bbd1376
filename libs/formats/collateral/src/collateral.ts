import { sha256Hex } from '@touchstone/bytes';

/** Everything a verifier needs beside the quote, each document exactly as it was served. */
export interface Collateral {
  /** The whole body, signature included. */
  readonly tcbInfo: Uint8Array;
  /** PEM, signing certificate first. */
  readonly tcbInfoIssuerChain: string;
  /** The whole body, signature included. */
  readonly qeIdentity: Uint8Array;
  /** PEM, signing certificate first. */
  readonly qeIdentityIssuerChain: string;
  /** DER of the CRL of the CA that issued the PCK certificate. */
  readonly pckCrl: Uint8Array;
  /** PEM, that CA first. */
  readonly pckCrlIssuerChain: string;
  /** DER of the root's CRL. */
  readonly rootCaCrl: Uint8Array;
}

/** Lower-case hex SHA-256 of each document, of the UTF-8 text for the chains. */
export type CollateralDigests = Readonly<Record<keyof Collateral, string>>;

export const collateralDigests = (collateral: Collateral): CollateralDigests => ({
  tcbInfo: sha256Hex(collateral.tcbInfo),
  tcbInfoIssuerChain: sha256Hex(collateral.tcbInfoIssuerChain),
  qeIdentity: sha256Hex(collateral.qeIdentity),
  qeIdentityIssuerChain: sha256Hex(collateral.qeIdentityIssuerChain),
  pckCrl: sha256Hex(collateral.pckCrl),
  pckCrlIssuerChain: sha256Hex(collateral.pckCrlIssuerChain),
  rootCaCrl: sha256Hex(collateral.rootCaCrl),
});
