import type { Authority, PckCa } from '@touchstone/authority';
import type { Collateral } from '@touchstone/collateral';
import { type EcSigner, ExtensionOid, ecSignerFromPkcs8, toPem } from '@touchstone/pki';
import type { TestPlatform } from './platform';
import { editedDocument, withoutExtension } from './reissue';

interface Issuing {
  readonly authority: Authority;
  readonly at: Date;
  readonly ca: PckCa;
  readonly collateral: Collateral;
  readonly root: EcSigner;
  readonly pckCa: EcSigner;
  readonly tcbSigning: EcSigner;
}

type Reissue = (issuing: Issuing) => Partial<Collateral>;

const tcbInfo =
  (edit: (text: string) => string): Reissue =>
  ({ collateral, tcbSigning }) => ({
    tcbInfo: editedDocument(collateral.tcbInfo, 'tcbInfo', tcbSigning, edit),
  });

const qeIdentity =
  (edit: (text: string) => string): Reissue =>
  ({ collateral, tcbSigning }) => ({
    qeIdentity: editedDocument(collateral.qeIdentity, 'enclaveIdentity', tcbSigning, edit),
  });

/** Both issuer chains of the signed documents, with the signing certificate short of an extension. */
const signerWithout =
  (oid: string): Reissue =>
  ({ authority, at, root }) => {
    const { tcbSigning, root: top } = authority.certificates(at);
    const pem = toPem(withoutExtension(tcbSigning.der, 'certificate', oid, root)) + top.pem;
    return { tcbInfoIssuerChain: pem, qeIdentityIssuerChain: pem };
  };

interface LevelsOf {
  readonly tcbLevels: unknown[];
}

/** What can be wrong with collateral beyond the authority's own faults: one document, signed again by its proper signer. */
export const DOCUMENT_BREAKAGES = {
  'root-crl-without-number': ({ collateral, root }) => ({
    rootCaCrl: withoutExtension(collateral.rootCaCrl, 'crl', ExtensionOid.crlNumber, root),
  }),
  'root-crl-of-the-ca': ({ collateral }) => ({ rootCaCrl: collateral.pckCrl }),
  'pck-crl-without-aki': ({ collateral, pckCa }) => ({
    pckCrl: withoutExtension(collateral.pckCrl, 'crl', ExtensionOid.authorityKeyIdentifier, pckCa),
  }),
  'pck-crl-garbage': () => ({ pckCrl: new Uint8Array(8) }),
  'tcb-signing-without-crl-dp': signerWithout(ExtensionOid.crlDistributionPoints),
  'tcb-signing-without-aki': signerWithout(ExtensionOid.authorityKeyIdentifier),
  'tcb-signing-chain-of-the-ca': ({ collateral }) => ({
    tcbInfoIssuerChain: collateral.pckCrlIssuerChain,
  }),
  'tcb-info-type-1': tcbInfo((text) => text.replace('"tcbType":0', '"tcbType":1')),
  'tcb-info-version-4': tcbInfo((text) => text.replace('"version":3', '"version":4')),
  'tcb-info-member-twice': tcbInfo((text) =>
    text.replace('"tcbType":0', '"tcbType":0,"tcbType":0'),
  ),
  'tcb-info-component-256': tcbInfo((text) => text.replace('"svn":255', '"svn":256')),
  'tcb-info-spread-out': tcbInfo((text) => JSON.stringify(JSON.parse(text), null, 2)),
  'tcb-info-levels-reversed': tcbInfo((text) => {
    const content = JSON.parse(text) as LevelsOf;
    return JSON.stringify({ ...content, tcbLevels: [...content.tcbLevels].reverse() });
  }),
  'tcb-info-without-signature': ({ collateral }) => ({
    tcbInfo: Buffer.from(
      Buffer.from(collateral.tcbInfo)
        .toString()
        .replace(/,"signature".*$/, '}'),
    ),
  }),
  'tcb-info-of-tdx': tcbInfo((text) => text.replace('"id":"SGX"', '"id":"TDX"')),
  'qe-identity-of-td-qe': ({ authority, at }) => ({
    qeIdentity: authority.enclaveIdentity('TD_QE', at),
  }),
  'qe-identity-of-qve': ({ authority, at }) => ({
    qeIdentity: authority.enclaveIdentity('QVE', at),
  }),
  'qe-identity-version-3': qeIdentity((text) => text.replace('"version":2', '"version":3')),
} satisfies Record<string, Reissue>;

export type DocumentBreakage = keyof typeof DOCUMENT_BREAKAGES;

export const isDocumentBreakage = (name: string): name is DocumentBreakage =>
  Object.hasOwn(DOCUMENT_BREAKAGES, name);

export function brokenCollateral(
  { authority, at, model }: TestPlatform,
  collateral: Collateral,
  breakage: DocumentBreakage,
): Collateral {
  const { keys } = authority;
  const ca = model.ca;
  const issuing: Issuing = {
    authority,
    at,
    ca,
    collateral,
    root: ecSignerFromPkcs8(keys.root),
    pckCa: ecSignerFromPkcs8(ca === 'processor' ? keys.processorCa : keys.platformCa),
    tcbSigning: ecSignerFromPkcs8(keys.tcbSigning),
  };
  return { ...collateral, ...DOCUMENT_BREAKAGES[breakage](issuing) };
}
