import { issueCrl, type EcSigner, type NamePart, type RevokedEntry } from '@touchstone/pki';
import { keyIdOf, rootSignerOf, type AuthorityCertificates, type Founding } from './certificates';
import { PCK_CA_NAMES, ROOT_NAME } from './names';
import { pckSerial } from './pck-certificate';
import { modelNamed, type PckCa } from './processor-model';
import { recoveriesOf, type AuthorityState } from './state';
import { certifiedTcbs } from './tcb-levels';
import { days, DOCUMENT_DAYS, documentDate, ended, ROOT_CRL_DAYS, type Window } from './window';

export interface CrlContext extends Founding {
  readonly state: AuthorityState;
  readonly certificates: AuthorityCertificates;
}

/** The root's CRL, DER: the intermediate CAs and TCB signing certificates that are revoked. */
export function rootCrl(context: CrlContext): Uint8Array {
  const { faults, certificates, signers } = context;
  const date = documentDate(context.foundedAt, context.state, context.at);
  const revoked = [
    ...(faults.has('pck-ca-revoked') ? Object.values(certificates.ca) : []),
    ...(faults.has('tcb-signing-revoked') ? [certificates.tcbSigning] : []),
  ];
  const key = rootSignerOf(context);
  return crl(context, {
    issuer: ROOT_NAME,
    key,
    signer: faults.has('root-crl-forged') ? signers.tcbSigning : key,
    window: days(date, ROOT_CRL_DAYS),
    expired: faults.has('root-crl-expired'),
    revoked: revoked.map(({ serial }) => ({ serial, at: date })),
  });
}

/** A PCK CA's CRL, DER: every PCK certificate of each revoked platform of that CA. */
export function pckCrl(context: CrlContext, asked: PckCa): Uint8Array {
  const { faults, signers } = context;
  const ca = faults.has('pck-crl-other-ca') ? otherCa(asked) : asked;
  const date = documentDate(context.foundedAt, context.state, context.at);
  return crl(context, {
    issuer: PCK_CA_NAMES[ca],
    key: signers.ca[ca],
    signer: faults.has('pck-crl-forged') ? signers.forger : signers.ca[ca],
    window: days(date, DOCUMENT_DAYS),
    expired: faults.has('pck-crl-expired'),
    revoked: revokedSerials(context.state, ca),
  });
}

const otherCa = (ca: PckCa): PckCa => (ca === 'platform' ? 'processor' : 'platform');

function revokedSerials(state: AuthorityState, ca: PckCa): RevokedEntry[] {
  return state.revokedPlatforms.flatMap(({ ppid, model: name, at }) => {
    const model = modelNamed(name);
    if (model.ca !== ca) return [];
    const tcbs = certifiedTcbs(model, recoveriesOf(state));
    return tcbs.map((tcb) => ({ serial: pckSerial(ppid, tcb), at }));
  });
}

interface CrlParts {
  readonly issuer: readonly NamePart[];
  readonly key: EcSigner;
  readonly signer: EcSigner;
  readonly window: Window;
  readonly expired: boolean;
  readonly revoked: readonly RevokedEntry[];
}

function crl({ foundedAt, at }: Founding, parts: CrlParts): Uint8Array {
  const { from, to } = parts.expired ? ended(parts.window, at) : parts.window;
  const request = {
    issuer: parts.issuer,
    thisUpdate: from,
    nextUpdate: to,
    number: crlNumber(foundedAt, parts.window.from),
    authorityKeyId: keyIdOf(parts.key),
    revoked: parts.revoked,
  };
  return issueCrl(request, parts.signer);
}

// Grows with every issue (RFC 5280 section 5.2.3) and needs no counter: seconds since the authority was founded.
const crlNumber = (foundedAt: Date, issuedAt: Date): bigint =>
  BigInt(Math.max(1, Math.floor((issuedAt.getTime() - foundedAt.getTime()) / 1000) + 1));
