export { QUERY_FUNCTIONS } from './functions';
export { evaluateQuery } from './interpreter';
export { parseQuery } from './parser';
export type { QueryNode } from './query';
