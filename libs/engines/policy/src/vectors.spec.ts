import { hasCode } from '@touchstone/errors';
import type { JsonValue } from '@touchstone/claims';
import { claimOf, claimsByType, type Claim, type PlainValue } from './claim';
import { evaluatePolicy } from './evaluate';
import evaluations from './evaluate-vectors.json';
import failures from './parse-failures.json';
import { JsonDocument, isStructured } from './json-document';
import { parsePolicy } from './parser';
import { PolicySyntaxError } from './policy-error';

interface Vector {
  readonly title: string;
  readonly policy: string;
  readonly incoming: readonly { type: string; value: JsonValue; issuer: string }[];
  readonly verdict?: string;
  readonly outgoing?: object;
  readonly properties?: object;
  readonly error?: string;
}

const claimsOf = ({ incoming }: Vector): readonly Claim[] =>
  incoming.map(({ type, value, issuer }) =>
    claimOf(type, isStructured(value) ? JsonDocument.of(value) : (value as PlainValue), issuer),
  );

const vectors = evaluations as readonly Vector[];

describe('policies that give a verdict', () => {
  const decided = vectors.filter(({ error }) => error === undefined);
  it.each(decided.map((vector) => [vector.title, vector] as const))('%s', (_title, vector) => {
    const outcome = evaluatePolicy(parsePolicy(vector.policy), claimsOf(vector));
    expect(outcome.verdict).toBe(vector.verdict);
    expect(outcome.permitted).toBe(vector.verdict === 'permit');
    expect(claimsByType(outcome.outgoing)).toEqual(vector.outgoing);
    expect(outcome.properties).toEqual(vector.properties);
  });
});

describe('policies that cannot be carried out', () => {
  const failing = vectors.filter(({ error }) => error !== undefined);
  it.each(failing.map((vector) => [vector.title, vector] as const))('%s', (_title, vector) => {
    const policy = parsePolicy(vector.policy);
    let caught: unknown;
    try {
      evaluatePolicy(policy, claimsOf(vector));
    } catch (error) {
      caught = error;
    }
    expect(hasCode(caught) && caught.code).toBe(vector.error);
  });
});

describe('texts that are no policy', () => {
  it.each(failures.map((failure) => [failure.title, failure] as const))('%s', (_title, failure) => {
    const { title: _, policy, ...fault } = failure;
    let caught: unknown;
    try {
      parsePolicy(policy);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(PolicySyntaxError);
    expect(caught).toMatchObject({ code: 'POLICY_SYNTAX', ...fault });
  });
});
