import type { ClaimTemplate, Expression } from './ast';
import { ClaimIssuer, valueTypeOf, type Claim, type ClaimValue } from './claim';
import { valuesOf, type Bindings } from './conditions';
import { PolicyEvaluationError } from './policy-error';
import type { StepCounter } from './step-counter';

type MakeTemplate = Extract<ClaimTemplate, { kind: 'make' }>;

/**
 * The claims that a template stands for. Where it names bound identifiers it makes one claim for each
 * claim bound; expressions over the same identifier go through it together.
 */
export function makeClaims(
  template: ClaimTemplate,
  bindings: Bindings,
  steps: StepCounter,
): readonly Claim[] {
  if (template.kind === 'copy') {
    const copies = bindings.get(template.name) ?? [];
    steps.count(copies.length);
    return copies;
  }
  const made: Claim[] = [];
  for (const single of singleBindings(namesIn(template), bindings)) {
    steps.count(1);
    made.push(makeClaim(template, single));
  }
  return made;
}

function makeClaim(template: MakeTemplate, bindings: Bindings): Claim {
  const value = only(template.value, bindings);
  const valueType = valueTypeOf(value);
  if (template.valueType && only(template.valueType, bindings) !== valueType) {
    throw mismatch(`the value is ${valueType}, which its valueType denies`, 'valueType');
  }
  return {
    type: text(template.type, bindings, 'type'),
    value,
    valueType,
    issuer: template.issuer ? text(template.issuer, bindings, 'issuer') : ClaimIssuer.policy,
  };
}

/** Every choice of one claim for each name. Without names there is one choice: none. */
function* singleBindings(names: readonly string[], bindings: Bindings): Generator<Bindings> {
  const [first, ...rest] = names;
  if (first === undefined) {
    yield new Map();
    return;
  }
  for (const claim of bindings.get(first) ?? []) {
    for (const others of singleBindings(rest, bindings)) {
      yield new Map([...others, [first, [claim]]]);
    }
  }
}

function namesIn({ type, value, valueType, issuer }: MakeTemplate): readonly string[] {
  const names = [type, value, valueType, issuer].flatMap((expression) =>
    expression?.kind === 'reference' ? [expression.name] : [],
  );
  return [...new Set(names)];
}

function only(expression: Expression, bindings: Bindings): ClaimValue {
  const [value] = valuesOf(expression, bindings);
  if (value === undefined) throw mismatch('an expression has no value', 'value');
  return value;
}

function text(expression: Expression, bindings: Bindings, property: 'type' | 'issuer'): string {
  const value = only(expression, bindings);
  if (typeof value !== 'string') throw mismatch(`the ${property} of a claim is text`, property);
  return value;
}

function mismatch(message: string, field: string): PolicyEvaluationError {
  return new PolicyEvaluationError('POLICY_TYPE_MISMATCH', message, { field });
}
