/** Where "now" comes from. Judging code takes a `Date` instead; only services and adapters hold a clock. */
export interface Clock {
  now(): Date;
}
