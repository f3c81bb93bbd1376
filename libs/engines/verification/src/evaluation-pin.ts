/**
 * Intel's evaluation of its platforms that a caller insists on: a number, or what Intel serves by that name. `early` is
 * the newest evaluation as soon as its recovery event is public, `standard` the one that is enforced by now.
 */
export type EvaluationPin = 'standard' | 'early' | number;

/** `tcbEvaluationDataNumber` of what Intel serves at an instant, by the name it is asked for (PCS v4, `update`). */
export interface OfferedEvaluations {
  readonly standard?: number;
  readonly early?: number;
}

/** The number behind a pin; undefined when it is a name and nobody knows what is offered under it. */
export function pinnedEvaluation(
  pin: EvaluationPin,
  offered: OfferedEvaluations = {},
): number | undefined {
  return typeof pin === 'number' ? pin : offered[pin];
}
