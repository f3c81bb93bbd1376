import type { VerifyOptions } from '../index';
import { VerificationError, verifyQuote } from '../index';
import type { VerifiedQuote } from '../verified-quote';
import type { World, WorldOptions } from './world';
import { AT, aWorld } from './world';

/** What comes of one verification of a world. */
export const verdictOf = (world: World, at = AT, options: VerifyOptions = {}): VerifiedQuote =>
  verifyQuote(world.quote, world.collateral, { anchors: [world.anchor], at, ...options });

export const judge = (options: WorldOptions = {}, at = AT): VerifiedQuote =>
  verdictOf(aWorld(options), at);

/** The error of a verification that must not succeed. */
export function refusal(work: () => unknown): VerificationError {
  try {
    work();
  } catch (error) {
    if (error instanceof VerificationError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

/** Code of the refusal and name of the check that made it. */
export function refusedFor(options: WorldOptions, at = AT): readonly [string, string | undefined] {
  const { code, checks } = refusal(() => judge(options, at));
  return [code, checks.at(-1)?.name];
}
