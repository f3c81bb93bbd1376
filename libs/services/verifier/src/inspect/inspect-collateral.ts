import { toHex } from '@touchstone/bytes';
import type { EnclaveIdentity, LevelVerdict, TcbInfo } from '@touchstone/collateral';
import type { Crl } from '@touchstone/pki';
import type { CollateralPiece } from '../pieces';
import { recogniseCollateral } from '../recognise-collateral';
import { VerifierError } from '../verifier-error';
import type { InspectedField, InspectedSection, Inspection } from './inspection';
import { field } from './inspection';

/** Revoked certificates of one CRL that are listed, at most. */
export const MAX_REVOKED_SHOWN = 100;

/**
 * What collateral a file holds, whatever its form, document by document.
 * @throws VerifierError INSPECT_UNREADABLE
 */
export function inspectCollateral(file: Uint8Array): Inspection {
  const pieces = recogniseCollateral(file);
  if (pieces.length === 0) {
    throw new VerifierError('INSPECT_UNREADABLE', 'there is no collateral in this file', {
      field: 'collateral',
    });
  }
  return { sections: pieces.map(sectionOf) };
}

const MALFORMED = [field('fault', 'malformed')];

function sectionOf(piece: CollateralPiece): InspectedSection {
  switch (piece.kind) {
    case 'tcb-info': {
      const { content } = piece;
      if (content === undefined) return { title: 'TCB info', fields: MALFORMED };
      return { title: `TCB info, ${content.id} ${content.fmspc}`, fields: tcbInfoFields(content) };
    }
    case 'enclave-identity': {
      const { content } = piece;
      if (content === undefined) return { title: 'Enclave identity', fields: MALFORMED };
      return { title: `Enclave identity, ${content.id}`, fields: identityFields(content) };
    }
    case 'crl': {
      const { crl } = piece;
      if (crl === undefined) return { title: 'CRL', fields: MALFORMED };
      return {
        title: `CRL of ${crl.issuer.commonName ?? crl.issuer.text}`,
        fields: crlFields(crl),
      };
    }
    case 'certificate': {
      const { subject, issuer, serialNumber, notBefore, notAfter } = piece.certificate;
      return {
        title: `Certificate of ${subject.commonName ?? subject.text}`,
        fields: [
          field('issuer', issuer.text),
          field('serialNumber', serialNumber),
          field('notBefore', notBefore.toISOString()),
          field('notAfter', notAfter.toISOString()),
        ],
      };
    }
    case 'avr-signature':
      return {
        title: 'Signature of an attestation report',
        fields: [field('signature', toHex(piece.signature))],
      };
  }
}

const dateFields = (document: {
  readonly issueDate: Date;
  readonly nextUpdate: Date;
  readonly tcbEvaluationDataNumber: number;
}): InspectedField[] => [
  field('issueDate', document.issueDate.toISOString()),
  field('nextUpdate', document.nextUpdate.toISOString()),
  field('tcbEvaluationDataNumber', `${document.tcbEvaluationDataNumber}`),
];

function tcbInfoFields(info: TcbInfo): InspectedField[] {
  const { tdxModule, tdxModuleIdentities = [] } = info;
  return [
    field('version', `${info.version}`),
    ...dateFields(info),
    field('fmspc', info.fmspc),
    field('pceId', info.pceId),
    field('tcbType', `${info.tcbType}`),
    ...(tdxModule ? [field('tdxModule.mrSigner', toHex(tdxModule.mrSigner))] : []),
    ...info.tcbLevels.map((level, index) =>
      field(
        `tcbLevels[${index}]`,
        `${level.sgxComponents.join('.')}, PCESVN ${level.pceSvn}${tdxText(level.tdxComponents)}`,
        verdictText(level),
      ),
    ),
    ...tdxModuleIdentities.flatMap(({ id, tcbLevels }) =>
      tcbLevels.map((level) => field(id, `isvSvn ${level.isvSvn}`, verdictText(level))),
    ),
    field('signature', toHex(info.signature)),
  ];
}

const tdxText = (components: readonly number[] | undefined): string =>
  components === undefined ? '' : `, TDX ${components.join('.')}`;

function verdictText({ tcbStatus, tcbDate, advisoryIds }: LevelVerdict): string {
  const advisories = advisoryIds.length === 0 ? '' : `; ${advisoryIds.join(', ')}`;
  return `${tcbStatus} since ${tcbDate.toISOString().slice(0, 10)}${advisories}`;
}

const identityFields = (identity: EnclaveIdentity): InspectedField[] => [
  field('version', `${identity.version}`),
  ...dateFields(identity),
  field('mrSigner', toHex(identity.mrsigner)),
  field('isvProdId', `${identity.isvProdId}`),
  field('miscSelect', toHex(identity.miscselect), `mask ${toHex(identity.miscselectMask)}`),
  field('attributes', toHex(identity.attributes), `mask ${toHex(identity.attributesMask)}`),
  ...identity.tcbLevels.map((level, index) =>
    field(`tcbLevels[${index}]`, `isvSvn ${level.isvSvn}`, verdictText(level)),
  ),
  field('signature', toHex(identity.signature)),
];

function crlFields(crl: Crl): InspectedField[] {
  const revoked = [...crl.revoked];
  return [
    field('issuer', crl.issuer.text),
    ...(crl.crlNumber === undefined ? [] : [field('crlNumber', `${crl.crlNumber}`)]),
    field('thisUpdate', crl.thisUpdate.toISOString()),
    field('nextUpdate', crl.nextUpdate.toISOString()),
    field('revoked', `${revoked.length}`),
    ...revoked
      .slice(0, MAX_REVOKED_SHOWN)
      .map(([serial, at]) => field(`revoked ${serial}`, at.toISOString())),
  ];
}
