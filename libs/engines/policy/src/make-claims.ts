import type { Action, ClaimTemplate } from './ast';
import { ClaimIssuer, valueTypeOf, type Claim, type ClaimValue } from './claim';
import { choices, chosenValues, namesIn, type Choice, type Scope, type Value } from './expressions';
import { costOfText } from './limits';
import { assertClaimCount } from './claim-set';
import { PolicyEvaluationError } from './policy-error';

type MakeTemplate = Extract<ClaimTemplate, { kind: 'make' }>;

/**
 * The claims that an action makes. Where its template names bound identifiers it makes one claim for each
 * claim bound, and where a function gives several values, one for each of those.
 *
 * @throws PolicyEvaluationError POLICY_READ_ONLY when read-only values are issued, and those of `valuesOf`
 */
export function makeClaims(
  { kind, template }: Extract<Action, { template: unknown }>,
  scope: Scope,
): readonly Claim[] {
  const made = template.kind === 'copy' ? copies(template.name, scope) : claims(template, scope);
  const readOnly = kind === 'issue' && made.find((claim) => claim.readOnly);
  if (!readOnly) return made;
  const why = `${readOnly.type} has a read-only value, which cannot be issued`;
  throw new PolicyEvaluationError('POLICY_READ_ONLY', why, { field: 'value' });
}

function copies(name: string, { bindings, steps }: Scope): readonly Claim[] {
  const copied = bindings.get(name) ?? [];
  steps.count(copied.length);
  return copied;
}

function claims(template: MakeTemplate, scope: Scope): readonly Claim[] {
  const { type, value, valueType, issuer } = template;
  const made: Claim[] = [];
  for (const choice of choices(namesIn([type, value, valueType, issuer]), scope)) {
    made.push(...chosenClaims(template, choice, scope));
    assertClaimCount(made.length);
  }
  return made;
}

/** A function may give several values, or none, for any property: a claim for every combination. */
function chosenClaims(template: MakeTemplate, choice: Choice, scope: Scope): readonly Claim[] {
  const made: Claim[] = [];
  for (const type of chosenValues(template.type, choice, scope)) {
    for (const value of chosenValues(template.value, choice, scope)) {
      for (const valueType of optionalValues(template.valueType, valueTypeOf(value.value))) {
        for (const issuer of optionalValues(template.issuer, ClaimIssuer.policy)) {
          scope.steps.count(1 + costOfText(String(value.value)));
          made.push(claim({ type, value, valueType, issuer }));
        }
      }
    }
  }
  return made;

  function optionalValues(
    expression: MakeTemplate['issuer'],
    otherwise: ClaimValue,
  ): readonly Value[] {
    if (expression) return chosenValues(expression, choice, scope);
    return [{ value: otherwise, readOnly: false }];
  }
}

function claim(parts: Record<'type' | 'value' | 'valueType' | 'issuer', Value>): Claim {
  const { value } = parts.value;
  const valueType = valueTypeOf(value);
  if (parts.valueType.value !== valueType) {
    throw mismatch(`the value is ${valueType}, which its valueType denies`, 'valueType');
  }
  const readOnly = Object.values(parts).some((part) => part.readOnly);
  return {
    type: text(parts.type, 'type'),
    value,
    valueType,
    issuer: text(parts.issuer, 'issuer'),
    ...(readOnly && { readOnly }),
  };
}

function text({ value }: Value, property: 'type' | 'issuer'): string {
  if (typeof value === 'string') return value;
  throw mismatch(`the ${property} of a claim is text`, property);
}

function mismatch(message: string, field: string): PolicyEvaluationError {
  return new PolicyEvaluationError('POLICY_TYPE_MISMATCH', message, { field });
}
