import { fromUtf8, sha256, toHex } from '@touchstone/bytes';

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
  tcbInfo: digest(collateral.tcbInfo),
  tcbInfoIssuerChain: digest(fromUtf8(collateral.tcbInfoIssuerChain)),
  qeIdentity: digest(collateral.qeIdentity),
  qeIdentityIssuerChain: digest(fromUtf8(collateral.qeIdentityIssuerChain)),
  pckCrl: digest(collateral.pckCrl),
  pckCrlIssuerChain: digest(fromUtf8(collateral.pckCrlIssuerChain)),
  rootCaCrl: digest(collateral.rootCaCrl),
});

const digest = (bytes: Uint8Array): string => toHex(sha256(bytes));
