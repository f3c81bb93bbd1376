import { fromUtf8 } from '@touchstone/bytes';
import type { GivenFile } from '../pool';
import type { Judgement } from '../verdict';
import type { VerificationRequest } from '../verify-evidence';
import { verifyEvidence } from '../verify-evidence';
import type { World } from './world';
import { AT, intelStructure } from './world';

/** A file that somebody named. */
export const named = (bytes: Uint8Array | string, name = 'named'): GivenFile => ({
  name,
  bytes: typeof bytes === 'string' ? fromUtf8(bytes) : bytes,
  meant: true,
});

/** A file that lay in a folder. */
export const found = (bytes: Uint8Array | string, name = 'found'): GivenFile => ({
  ...named(bytes, name),
  meant: false,
});

/** All collateral of the world in one JSON file. */
export const bundle = (world: World): GivenFile =>
  named(JSON.stringify(intelStructure(world.collateral)), 'collateral.json');

export const judged = (
  world: World,
  request: Partial<VerificationRequest> = {},
): Promise<Judgement> =>
  verifyEvidence({
    evidence: world.quote(),
    collateral: [bundle(world)],
    at: AT,
    anchors: world.anchors,
    without: [],
    ...request,
  });
