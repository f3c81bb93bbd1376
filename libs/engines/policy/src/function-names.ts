/** How a function takes an argument: one value at a time, or all values of it at once. */
export type ParameterKind = 'value' | 'set';

/** The functions of version 1.2, case-sensitive. */
export const FUNCTION_PARAMETERS = {
  JmesPath: ['value', 'value'],
  JsonToClaimValue: ['value'],
  IsSubsetOf: ['set', 'set'],
  AppendString: ['value', 'value'],
  NegateBool: ['value'],
  ContainsOnlyValue: ['set', 'value'],
} as const satisfies Record<string, readonly [ParameterKind, ...ParameterKind[]]>;

export type FunctionName = keyof typeof FUNCTION_PARAMETERS;

export const FUNCTION_NAMES: readonly FunctionName[] = [
  'JmesPath',
  'JsonToClaimValue',
  'IsSubsetOf',
  'AppendString',
  'NegateBool',
  'ContainsOnlyValue',
];

export const isFunctionName = (name: string): name is FunctionName =>
  Object.hasOwn(FUNCTION_PARAMETERS, name);
