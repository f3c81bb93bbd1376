import type { CollateralPart } from '@touchstone/verification';
import { VerifierError } from './verifier-error';

/** What can be left out, in the order in which it is named. */
export const COLLATERAL_PARTS = [
  'tcb-info',
  'qe-identity',
  'pck-crl',
  'root-ca-crl',
] as const satisfies readonly CollateralPart[];

/** Names for several parts at once. */
const GROUPS: Readonly<Record<string, readonly CollateralPart[]>> = {
  crl: ['pck-crl', 'root-ca-crl'],
  crls: ['pck-crl', 'root-ca-crl'],
  collateral: COLLATERAL_PARTS,
};

/** Words after `--without`, with those that it knows. */
export const WITHOUT_NAMES = [...COLLATERAL_PARTS, ...Object.keys(GROUPS)];

/** Comma-separated parts; `_` is as good as `-`. @throws VerifierError PART_UNKNOWN */
export function parseWithout(text: string): readonly CollateralPart[] {
  const words = text.split(',').map((word) => word.trim().toLowerCase().replaceAll('_', '-'));
  const named = new Set(words.filter((word) => word !== '').flatMap(partsOf));
  return COLLATERAL_PARTS.filter((part) => named.has(part));
}

function partsOf(word: string): readonly CollateralPart[] {
  const part = COLLATERAL_PARTS.find((name) => name === word);
  const parts = part === undefined ? GROUPS[word] : [part];
  if (parts !== undefined) return parts;
  throw new VerifierError('PART_UNKNOWN', `${word} is none of ${WITHOUT_NAMES.join(', ')}`, {
    field: 'without',
  });
}

/** What a judgement can lack: parts, their issuer chains, and what belongs to other kinds of evidence. */
export type MissingPart =
  | CollateralPart
  | 'tcb-info-issuer-chain'
  | 'qe-identity-issuer-chain'
  | 'pck-certificate-chain'
  | 'avr-signature'
  | 'avr-signing-certificate';

/** The part that cannot be judged when this is missing; undefined where nothing can. */
export function partLost(missing: MissingPart): CollateralPart | undefined {
  switch (missing) {
    case 'tcb-info-issuer-chain':
      return 'tcb-info';
    case 'qe-identity-issuer-chain':
      return 'qe-identity';
    case 'pck-certificate-chain':
    case 'avr-signature':
    case 'avr-signing-certificate':
      return undefined;
    default:
      return missing;
  }
}
