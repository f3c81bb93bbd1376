export const DAY_MS = 86_400_000;
export const CA_DAYS = 3650;
/** Some clients refuse leaves that live longer than 825 days; a year is plenty for what renews itself. */
export const LEAF_DAYS = 365;
export const RENEW_BEFORE_DAYS = 30;
