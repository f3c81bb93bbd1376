import type { Certificate } from '@touchstone/pki';
import type { CollateralPiece } from './pieces';
import { recogniseCollateral } from './recognise-collateral';
import { VerifierError } from './verifier-error';

export interface GivenFile {
  /** Where it comes from, as people know it. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Named by the caller, rather than found in a folder that was searched. */
  readonly meant: boolean;
}

/** A piece, and where it came from. A piece that is meant is taken even when it does not fit. */
export interface Candidate<Piece = CollateralPiece> {
  readonly piece: Piece;
  readonly source: string;
  readonly meant: boolean;
}

type Kind = CollateralPiece['kind'];
type PieceOf<K extends Kind> = Extract<CollateralPiece, { kind: K }>;

/** Everything that was given beside the evidence, sorted by what it is. */
export class Pool {
  readonly #candidates: readonly Candidate[];

  constructor(candidates: readonly Candidate[]) {
    this.#candidates = candidates;
  }

  /** @throws VerifierError COLLATERAL_UNRECOGNISED for a named file that holds none */
  static of(files: readonly GivenFile[]): Pool {
    return new Pool(
      files.flatMap((file) => {
        const pieces = recogniseCollateral(file.bytes);
        if (pieces.length === 0 && file.meant) throw unrecognised(file.name);
        return candidatesOf(pieces, file.name, file.meant);
      }),
    );
  }

  with(candidates: readonly Candidate[]): Pool {
    return new Pool([...this.#candidates, ...candidates]);
  }

  of<K extends Kind>(kind: K): readonly Candidate<PieceOf<K>>[] {
    return this.#candidates.filter(
      (candidate): candidate is Candidate<PieceOf<K>> => candidate.piece.kind === kind,
    );
  }

  get certificates(): readonly Certificate[] {
    return this.of('certificate').map(({ piece }) => piece.certificate);
  }
}

export const candidatesOf = (
  pieces: readonly CollateralPiece[],
  source: string,
  meant: boolean,
): Candidate[] => pieces.map((piece) => ({ piece, source, meant }));

const unrecognised = (name: string): VerifierError =>
  new VerifierError('COLLATERAL_UNRECOGNISED', `${name} holds no collateral known here`, {
    field: 'collateral',
  });
