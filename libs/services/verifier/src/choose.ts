import type { Candidate } from './pool';

/** From and until when a document is good; both instants belong to it. */
export interface Window {
  readonly from: Date;
  readonly until: Date;
}

/** How one kind of piece is chosen from. */
export interface Choice<Piece> {
  /** It is about this very platform. */
  readonly matches: (piece: Piece) => boolean;
  /** Its signature holds in the world of the evidence. Only asked to prefer one over another; the verifier proves. */
  readonly proven: (piece: Piece) => boolean;
  readonly window: (piece: Piece) => Window | undefined;
  /** Greater means newer; compared in order. */
  readonly age: (piece: Piece) => readonly number[];
}

/**
 * The piece to judge with: one that matches, meant rather than found, proven, good at the instant, newest. When nothing
 * matches, the one piece that is meant is taken all the same, so that the verifier says what is wrong with it; several
 * are a heap in which it is just not found.
 */
export function choose<Piece>(
  candidates: readonly Candidate<Piece>[],
  choice: Choice<Piece>,
  at: Date,
): Candidate<Piece> | undefined {
  const matching = candidates.filter(({ piece }) => choice.matches(piece));
  if (matching.length === 0) {
    const [only, ...others] = candidates.filter(({ meant }) => meant);
    return others.length === 0 ? only : undefined;
  }
  const meant = matching.filter((each) => each.meant);
  const eligible = meant.length > 0 ? meant : matching;
  if (eligible.length === 1) return eligible[0];
  const ranked = eligible.map((candidate) => ({
    candidate,
    rank: rankOf(candidate.piece, choice, at),
  }));
  return ranked.sort((a, b) => compare(b.rank, a.rank))[0]?.candidate;
}

function rankOf<Piece>(piece: Piece, choice: Choice<Piece>, at: Date): readonly number[] {
  return [Number(choice.proven(piece)), nearness(choice.window(piece), at), ...choice.age(piece)];
}

/** Good now, else past its date, else of the future; a piece without dates comes last. */
function nearness(window: Window | undefined, at: Date): number {
  if (window === undefined) return 0;
  if (at < window.from) return 1;
  return at > window.until ? 2 : 3;
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
