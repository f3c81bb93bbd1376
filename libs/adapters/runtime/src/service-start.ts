import type { Clock, Logger, Random } from '@touchstone/ports';

/** What every service of the house is started with. */
export interface ServiceStart {
  /** State folder. */
  readonly home: string;
  /** Address to listen on. */
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: Random;
  /** A PostgreSQL server instead of a file in the state folder. */
  readonly databaseUrl?: string;
}
