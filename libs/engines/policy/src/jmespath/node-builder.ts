import { MAX_QUERY_HEIGHT } from '../limits';
import type { NodeOf, QueryNode } from './query';
import { querySyntaxError } from './query-error';

type Parts<Kind extends QueryNode['kind']> = Omit<NodeOf<Kind>, 'kind' | 'height'>;

/** A node over its children; trees that evaluation could not walk are refused while they are built. */
export function node<Kind extends QueryNode['kind']>(
  kind: Kind,
  parts: Parts<Kind>,
  children: readonly QueryNode[] = [],
): QueryNode {
  const height = 1 + children.reduce((most, child) => Math.max(most, child.height), 0);
  if (height > MAX_QUERY_HEIGHT) throw querySyntaxError('it is nested too deeply', 0);
  return { kind, height, ...parts } as unknown as QueryNode;
}

export const CURRENT = node('current', {});

export const chain = (left: QueryNode, right: QueryNode): QueryNode =>
  node('chain', { left, right }, [left, right]);
