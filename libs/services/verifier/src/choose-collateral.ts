import { toHex } from '@touchstone/bytes';
import type { Certificate, Crl } from '@touchstone/pki';
import { verifyCrlSignature } from '@touchstone/pki';
import type { Quote } from '@touchstone/quote';
import type { PartialCollateral } from '@touchstone/verification';
import type { Choice } from './choose';
import { choose } from './choose';
import type { MissingPart } from './parts';
import type { CrlPiece, CrlRole, IdentityPiece, TcbInfoPiece } from './pieces';
import type { Platform } from './platform';
import { platformOf } from './platform';
import type { Candidate, Pool } from './pool';
import { SigningChains } from './signing-chain';

/** What was taken for a part, and from where, for people. */
export interface ChosenPart {
  readonly part: 'tcb-info' | 'qe-identity' | CrlRole;
  readonly source: string;
  readonly text: string;
}

export interface ChosenCollateral {
  readonly platform: Platform;
  readonly collateral: PartialCollateral;
  readonly chosen: readonly ChosenPart[];
  readonly missing: readonly MissingPart[];
}

/** The pieces of the pool that belong to this quote at this instant, and the names of those that are not there. */
export function chooseCollateral(quote: Quote, pool: Pool, at: Date): ChosenCollateral {
  const platform = platformOf(quote, pool.certificates, at);
  const chains = new SigningChains(pool.certificates, platform.root, at);
  const info = choose(pool.of('tcb-info'), tcbInfoChoice(quote, platform, chains), at);
  const identity = choose(pool.of('enclave-identity'), identityChoice(quote, chains), at);
  const pckCrl = chooseCrl('pck-crl', pool, platform, at);
  const rootCrl = chooseCrl('root-ca-crl', pool, platform, at);
  const infoChain = info && chains.chainFor(info.piece);
  const identityChain = identity && chains.chainFor(identity.piece);
  return {
    platform,
    collateral: {
      ...(info ? { tcbInfo: info.piece.body } : {}),
      ...(infoChain === undefined ? {} : { tcbInfoIssuerChain: infoChain }),
      ...(identity ? { qeIdentity: identity.piece.body } : {}),
      ...(identityChain === undefined ? {} : { qeIdentityIssuerChain: identityChain }),
      ...(pckCrl ? { pckCrl: pckCrl.piece.bytes } : {}),
      ...(pckCrl?.piece.issuerChain === undefined
        ? {}
        : { pckCrlIssuerChain: pckCrl.piece.issuerChain }),
      ...(rootCrl ? { rootCaCrl: rootCrl.piece.bytes } : {}),
    },
    chosen: [
      ...(info ? [infoPart(info)] : []),
      ...(identity ? [identityPart(identity)] : []),
      ...(pckCrl ? [crlPart('pck-crl', pckCrl)] : []),
      ...(rootCrl ? [crlPart('root-ca-crl', rootCrl)] : []),
    ],
    missing: [
      ...missingIf('tcb-info', info === undefined),
      ...missingIf('tcb-info-issuer-chain', info !== undefined && infoChain === undefined),
      ...missingIf('qe-identity', identity === undefined),
      ...missingIf(
        'qe-identity-issuer-chain',
        identity !== undefined && identityChain === undefined,
      ),
      ...missingIf('pck-crl', pckCrl === undefined),
      ...missingIf('root-ca-crl', rootCrl === undefined),
      ...missingIf(
        'pck-certificate-chain',
        !platform.carriesChain && platform.pckCertificateChain === undefined,
      ),
    ],
  };
}

const missingIf = (part: MissingPart, is: boolean): MissingPart[] => (is ? [part] : []);

const tcbInfoChoice = (
  quote: Quote,
  { extension }: Platform,
  chains: SigningChains,
): Choice<TcbInfoPiece> => ({
  matches: ({ content }) =>
    content !== undefined &&
    extension !== undefined &&
    content.id === quote.teeType.toUpperCase() &&
    content.fmspc === toHex(extension.fmspc) &&
    content.pceId === toHex(extension.pceId),
  proven: (piece) => chains.isProven(piece),
  window: ({ content }) => content && { from: content.issueDate, until: content.nextUpdate },
  age: ({ content }) =>
    content === undefined
      ? []
      : [content.tcbEvaluationDataNumber, content.issueDate.getTime(), content.version],
});

const identityChoice = (quote: Quote, chains: SigningChains): Choice<IdentityPiece> => ({
  matches: ({ content }) => content?.id === (quote.teeType === 'sgx' ? 'QE' : 'TD_QE'),
  proven: (piece) => chains.isProven(piece),
  window: ({ content }) => content && { from: content.issueDate, until: content.nextUpdate },
  age: ({ content }) =>
    content === undefined ? [] : [content.tcbEvaluationDataNumber, content.issueDate.getTime()],
});

function chooseCrl(
  role: CrlRole,
  pool: Pool,
  { root, intermediate, leaf }: Platform,
  at: Date,
): Candidate<CrlPiece> | undefined {
  const [issuer, name] =
    role === 'root-ca-crl'
      ? [root, root?.subject.text]
      : [intermediate, intermediate?.subject.text ?? leaf?.issuer.text];
  const rootName = root?.subject.text;
  // A CRL of neither CA can only be meant as that of the CA that issues PCK certificates.
  const candidates = pool.of('crl').filter(({ piece }) => {
    if (name !== undefined && piece.crl?.issuer.text === name) return true;
    if (piece.role !== undefined) return piece.role === role;
    return role === 'pck-crl' && piece.crl?.issuer.text !== rootName;
  });
  return choose(candidates, crlChoice(issuer, name), at);
}

const crlChoice = (
  issuer: Certificate | undefined,
  name: string | undefined,
): Choice<CrlPiece> => ({
  matches: ({ crl }) => crl !== undefined && crl.issuer.text === name,
  proven: ({ crl }) => crl !== undefined && issuer !== undefined && verifyCrlSignature(crl, issuer),
  window: ({ crl }) => crl && { from: crl.thisUpdate, until: crl.nextUpdate },
  age: ({ crl }) => (crl === undefined ? [] : [crl.thisUpdate.getTime()]),
});

const day = (date: Date): string => date.toISOString().slice(0, 10);

function infoPart({ piece: { content }, source }: Candidate<TcbInfoPiece>): ChosenPart {
  const text =
    content === undefined
      ? 'malformed'
      : `${content.id} ${content.fmspc}, issued ${day(content.issueDate)}, evaluation ${content.tcbEvaluationDataNumber}`;
  return { part: 'tcb-info', source, text };
}

function identityPart({ piece: { content }, source }: Candidate<IdentityPiece>): ChosenPart {
  const text =
    content === undefined
      ? 'malformed'
      : `${content.id}, issued ${day(content.issueDate)}, evaluation ${content.tcbEvaluationDataNumber}`;
  return { part: 'qe-identity', source, text };
}

function crlPart(part: CrlRole, { piece: { crl }, source }: Candidate<CrlPiece>): ChosenPart {
  return { part, source, text: crl === undefined ? 'malformed' : crlText(crl) };
}

const crlText = ({ issuer, thisUpdate, revoked }: Crl): string =>
  `${issuer.commonName ?? issuer.text}, issued ${day(thisUpdate)}, ${revoked.size} revoked`;
