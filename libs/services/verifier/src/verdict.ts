import type { Check } from '@touchstone/decision';
import type { EvidenceKind } from './evidence-kind';
import type { MissingPart } from './parts';

/** `not-judged`: something is missing or unreadable, so that nothing can be said about the evidence. */
export type Verdict = 'genuine' | 'rejected' | 'not-judged';

/** A value of evidence: text (hex in lower case), number, truth, or a list or record of them. */
export type Fact = string | number | boolean | readonly Fact[] | { readonly [name: string]: Fact };

export type Facts = Readonly<Record<string, Fact>>;

/** One question that was asked, and the answer. */
export interface ShownCheck {
  readonly name: string;
  readonly result: Check['result'];
  /** For people; empty when there is nothing to add. */
  readonly detail: string;
}

/** What is said about a piece of evidence: a stable document for programs. */
export interface VerificationDocument {
  readonly verdict: Verdict;
  /** Stable code of the refusal, or of why nothing was judged; null for genuine evidence. */
  readonly code: string | null;
  /** Platform, quoting enclave and TDX module together; the service's own status for `ias-avr`. Null when unknown. */
  readonly tcbStatus: string | null;
  /** The quoting enclave alone. */
  readonly qeStatus: string | null;
  /** Of platform, quoting enclave and TDX module, each once. */
  readonly advisories: readonly string[];
  /** Name of the anchor that everything chains up to. */
  readonly anchor: string | null;
  /** What was judged without, as asked; with COLLATERAL_MISSING, what is lacking. */
  readonly missing: readonly MissingPart[];
  /** What the evidence says: proven when it is genuine, its mere claim otherwise. */
  readonly facts: Facts;
  readonly checks: readonly ShownCheck[];
}

/** The document, and what only people want to know. */
export interface Judgement {
  readonly document: VerificationDocument;
  readonly kind?: EvidenceKind;
  /** Why it was refused or not judged, in words. */
  readonly reason?: string;
  readonly checks: readonly Check[];
  readonly at: Date;
}

export interface JudgementParts {
  readonly verdict: Verdict;
  readonly at: Date;
  readonly checks: readonly Check[];
  readonly kind?: EvidenceKind | undefined;
  readonly code?: string | undefined;
  readonly reason?: string | undefined;
  readonly tcbStatus?: string | undefined;
  readonly qeStatus?: string | undefined;
  readonly advisories?: readonly string[];
  readonly anchor?: string | undefined;
  readonly missing?: readonly MissingPart[];
  readonly facts?: Facts;
}

export function judgementOf(parts: JudgementParts): Judgement {
  const { verdict, at, checks, kind, reason } = parts;
  return {
    document: {
      verdict,
      code: parts.code ?? null,
      tcbStatus: parts.tcbStatus ?? null,
      qeStatus: parts.qeStatus ?? null,
      advisories: parts.advisories ?? [],
      anchor: parts.anchor ?? null,
      missing: parts.missing ?? [],
      facts: parts.facts ?? {},
      checks: checks.map(shown),
    },
    ...(kind === undefined ? {} : { kind }),
    ...(reason === undefined ? {} : { reason }),
    checks,
    at,
  };
}

export const shown = (check: Check): ShownCheck => ({
  name: check.name,
  result: check.result,
  detail: detailOf(check),
});

/** Code, words, what was read and what was expected, in one line. */
export function detailOf({ code, detail, read, expected }: Check): string {
  const texts = [
    code,
    detail,
    read === undefined ? undefined : `read ${read}`,
    expected === undefined ? undefined : `expected ${expected}`,
  ];
  return texts.filter((text) => text !== undefined && text !== '').join('; ');
}

/** Nothing can be said about the evidence, for this reason. */
export const unjudged = (code: string, reason: string, at: Date): Judgement =>
  judgementOf({ verdict: 'not-judged', at, code, reason, checks: [] });
