/** Size of a policy text in UTF-8 bytes. */
export const MAX_POLICY_BYTES = 102_400;
/** Rules in all sections together. */
export const MAX_POLICY_RULES = 4096;
/** Conditions of one rule. */
export const MAX_RULE_CONDITIONS = 64;
/** Calls inside calls. */
export const MAX_CALL_DEPTH = 32;
/**
 * One step is one comparison of a claim's property with a value, one claim made by a rule, one call of a
 * function, or one node or element that a JMESPath query looks at. Long text takes more of them.
 */
export const MAX_EVALUATION_STEPS = 1_000_000;
/** Characters of text that are read or made in one step. */
export const CHARACTERS_PER_STEP = 16;
/** One choice of claims, combination of arguments or element of a set: each is an object of its own. */
export const STEPS_PER_COMBINATION = 4;
/** Claims in the incoming set, those made by rules included. */
export const MAX_CLAIMS = 10_000;
/** Characters of one JMESPath query. */
export const MAX_QUERY_CHARACTERS = 16_384;
/** Height of the tree of a JMESPath query. */
export const MAX_QUERY_HEIGHT = 400;
/** Claims that the trace of a condition names. */
export const MAX_TRACED_CLAIMS = 4;

/** Steps that it takes to read or make a text, beside the one for looking at it. */
export const costOfText = (text: string): number => Math.floor(text.length / CHARACTERS_PER_STEP);
