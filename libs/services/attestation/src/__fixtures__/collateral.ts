import {
  encodeEnclaveIdentity,
  encodeTcbInfo,
  signedDocument,
  type Collateral,
} from '@touchstone/collateral';
import { ecSignerFromScalar, issueCrl } from '@touchstone/pki';
import type { CollateralKey } from '../collateral-source';

export const KEY: CollateralKey = { fmspc: '00a067110000', ca: 'processor' };
export const ISSUED = new Date('2026-01-01T00:00:00Z');
export const DAY_MS = 86_400_000;

const signer = ecSignerFromScalar(new Uint8Array(32).fill(7));

export interface Edition {
  readonly issued?: Date;
  readonly days?: number;
  readonly evaluation?: number;
  readonly crlNumber?: bigint;
  readonly fmspc?: string;
}

/** Well-formed documents that a keeper reads but never verifies. */
export function aCollateral(edition: Edition = {}): Collateral {
  const {
    issued = ISSUED,
    days = 30,
    evaluation = 17,
    crlNumber = 1n,
    fmspc = KEY.fmspc,
  } = edition;
  const nextUpdate = new Date(issued.getTime() + days * DAY_MS);
  const dates = { issueDate: issued, nextUpdate, tcbEvaluationDataNumber: evaluation };
  const level = { tcbDate: issued, tcbStatus: 'UpToDate', advisoryIds: [] } as const;
  const tcbInfo = encodeTcbInfo({
    ...dates,
    id: 'SGX',
    version: 3,
    fmspc,
    pceId: '0000',
    tcbType: 0,
    tcbLevels: [{ ...level, sgxComponents: new Array<number>(16).fill(1), pceSvn: 1 }],
  });
  const identity = encodeEnclaveIdentity({
    ...dates,
    id: 'QE',
    version: 2,
    miscselect: new Uint8Array(4),
    miscselectMask: new Uint8Array(4),
    attributes: new Uint8Array(16),
    attributesMask: new Uint8Array(16),
    mrsigner: new Uint8Array(32),
    isvProdId: 1,
    tcbLevels: [{ ...level, isvSvn: 1 }],
  });
  const crl = issueCrl(
    {
      issuer: [{ type: 'CN', value: 'Issuer' }],
      thisUpdate: issued,
      nextUpdate,
      number: crlNumber,
      authorityKeyId: new Uint8Array(20),
      revoked: [],
    },
    signer,
  );
  return {
    tcbInfo: signedDocument('tcbInfo', tcbInfo, signer.signRaw(tcbInfo)),
    tcbInfoIssuerChain: 'chain of the TCB info',
    qeIdentity: signedDocument('enclaveIdentity', identity, signer.signRaw(identity)),
    qeIdentityIssuerChain: 'chain of the identity',
    pckCrl: crl,
    pckCrlIssuerChain: 'chain of the CRL',
    rootCaCrl: crl,
  };
}
