import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildBundles } from './bundles';
import { EcosystemProcess } from './ecosystem-process';
import { RelyingParty } from './relying-party';
import { demoSuite } from './suites/demo';
import { environmentSuite } from './suites/environment';
import { evaluationSuite } from './suites/evaluation';
import { evidenceSuite } from './suites/evidence';
import { faultSuite } from './suites/fault';
import { ownerSuite } from './suites/owner';
import { restartSuite } from './suites/restart';
import { signersSuite } from './suites/signers';
import type { Stand } from './suites/stand';
import { traceSuite } from './suites/trace';
import { verifySuite } from './suites/verify';
import { touchstone } from './touchstone';

jest.setTimeout(60_000);

const SEED = '0123456789abcdef';

let root: string;
let stand: Stand;

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'touchstone-ecosystem-'));
  const folder = (name: string): string => path.join(root, name);
  const bundles = await buildBundles();
  const now = new Date().toISOString();
  const home = folder('shared');
  const ecosystem = await EcosystemProcess.start({ home, bundles, seed: SEED, now });
  const party = await RelyingParty.of(ecosystem);
  stand = {
    bundles,
    ecosystem,
    party,
    seed: SEED,
    now,
    folder,
    touchstone: (...args) => touchstone(bundles, args, { TOUCHSTONE_HOME: home }),
  };
}, 120_000);

afterAll(async () => {
  await stand.party.close();
  await stand.ecosystem.stop();
  await rm(root, { recursive: true, force: true });
});

// One process, one file: what one suite does to the world would be seen by others beside it.
describe('a trace', () => traceSuite(() => stand));
describe('the environment of a client', () => environmentSuite(() => stand));
describe('evidence of the simulated machine', () => evidenceSuite(() => stand));
describe('judging from the command line', () => verifySuite(() => stand));
describe('the owner of a provider', () => ownerSuite(() => stand));
describe('another process', () => restartSuite(() => stand));
describe('signers', () => signersSuite(() => stand));
describe('a fault', () => faultSuite(() => stand));
describe('an evaluation', () => evaluationSuite(() => stand));
describe('the demo', () => demoSuite(() => stand));
