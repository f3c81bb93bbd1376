/** Size of a policy text in UTF-8 bytes. */
export const MAX_POLICY_BYTES = 102_400;
/** Rules in all sections together. */
export const MAX_POLICY_RULES = 4096;
/** Conditions of one rule. */
export const MAX_RULE_CONDITIONS = 64;
/** One step is one comparison of a claim's property with a value, or one claim made by a rule. */
export const MAX_EVALUATION_STEPS = 1_000_000;
/** Claims in the incoming set, those made by rules included. */
export const MAX_CLAIMS = 10_000;
