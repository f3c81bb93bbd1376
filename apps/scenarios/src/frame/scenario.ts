import type { Narrator } from '@touchstone/narrator';
import type { AttackName, ExpectedRefusal } from './attack';
import type { World } from './world';

/** Something that has to hold, and whether it did. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly read?: string;
  readonly expected?: string;
  /** Present where a party refused: why it is right to. */
  readonly explanation?: string;
}

/** The options that some scenarios take, each with its choices; the first is the default. */
export interface Choices {
  readonly attestation?: readonly string[];
  readonly model?: readonly string[];
}

/** What was chosen, for the options that the scenario takes. */
export type Chosen = Readonly<Partial<Record<keyof Choices, string>>>;

/** What a scenario plays on. */
export interface Stage {
  readonly world: World;
  readonly narrator: Narrator;
  readonly chosen: Chosen;
  /** What the man in the middle does; absent in an honest run. */
  readonly attack?: AttackName;
  /** Says that something holds, or does not; the run goes on. */
  check(check: Check): void;
}

/** One folder each: its `scenario.ts` is this, its README its page. */
export interface Scenario {
  /** What the command is called with. */
  readonly name: string;
  readonly title: string;
  readonly choices: Choices;
  /** How each attack on it has to end. An attack that is not there is none on this scenario. */
  attacks(chosen: Chosen): Readonly<Partial<Record<AttackName, ExpectedRefusal>>>;
  /** Plays it. A party that refuses ends it with `Refused`. */
  run(stage: Stage): Promise<void>;
}
