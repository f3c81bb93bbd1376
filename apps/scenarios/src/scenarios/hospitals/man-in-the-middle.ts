import { generateKeyPairSync } from 'node:crypto';
import { fromUtf8 } from '@touchstone/bytes';
import type { ReleasedEnclave } from '@touchstone/server-enclave-host';
import type { AttackName } from '../../frame/attack';
import { askedFor } from '../../frame/explained';
import type { Machine } from '../../frame/machine';
import { asked } from '../../frame/refused';
import type { World } from '../../frame/world';
import { VICTIM } from './expected-refusals';
import type { Hospital } from './hospital';
import type { Study } from './study';
import { SERVICE, type StudyEnclave } from './study-enclave';
import { tapVault } from './tapped-vault';

/** Where in a quote the MRENCLAVE stands. */
const QUOTE_MRENCLAVE = 48 + 64;
const OLDEST = { tcb: 'oldest' } as const;

/** What he has: the machine of the study, for he is its host; others he can get. */
export interface Lair {
  readonly world: World;
  readonly study: Study;
  readonly machine: Machine;
  /** The enclave as the hospitals have reviewed it. */
  readonly enclave: ReleasedEnclave;
  /** The variables that a machine of the study has. */
  readonly env: Readonly<Record<string, string>>;
}

interface Evidence {
  readonly quote: Uint8Array;
  readonly runtimeData: Uint8Array;
}

/** Goes after the key of one hospital. Ends with `Refused`, or with the key in a place that the hospital did not agree to. */
export async function attackWith(attack: AttackName, lair: Lair): Promise<void> {
  const { world, study, machine, enclave } = lair;
  switch (attack) {
    case 'swap-key':
      return askForToken(lair, { ...(await evidenceOf(lair, machine)), runtimeData: withOwnKey() });
    case 'tamper-report':
      return askForToken(lair, tampered(await evidenceOf(lair, machine)));
    case 'other-processor':
      return askForToken(lair, await quotedElsewhere(lair));
    case 'replay':
      return replayRelease(lair);
    case 'wrong-enclave':
      return openAt(lair, await study.load(machine, study.images.withOneByteChanged(enclave.svn)));
    case 'debug-enclave':
      return openAt(lair, await study.load(machine, enclave, { debug: true }));
    case 'stale-tcb':
      return askForToken(lair, await evidenceOf(lair, await world.machine('stale', OLDEST)));
  }
}

/** Has the enclave ask for the hospital's key. */
async function openAt(lair: Lair, enclave: StudyEnclave): Promise<void> {
  const hospital = victimOf(lair);
  await enclave.bring(hospital);
  await enclave.open(hospital);
}

async function askForToken({ world, study, machine }: Lair, evidence: Evidence): Promise<void> {
  const attesting = machine.host.attest({
    ...evidence,
    runtimeDataType: 'RUNTIME_DATA_TYPE_JSON',
    attestationUrl: study.attestationUrl,
  });
  await askedFor(world, { attestation: SERVICE }, attesting);
}

/** Of the enclave that the hospitals have reviewed, on some machine. */
async function evidenceOf({ study, enclave }: Lair, machine: Machine): Promise<Evidence> {
  const { id: enclaveId } = await study.load(machine, enclave);
  return machine.host.getEvidence({ enclaveId, nonce: new Uint8Array() });
}

/** Runtime data as the enclave would compose it, but for a key of his own. */
function withOwnKey(): Uint8Array {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
  const key = { kty: 'RSA', kid: 'man-in-the-middle', use: 'enc', n, e };
  return fromUtf8(JSON.stringify({ keys: [key] }));
}

function tampered({ quote, runtimeData }: Evidence): Evidence {
  const changed = quote.slice();
  changed[QUOTE_MRENCLAVE] = (changed[QUOTE_MRENCLAVE] ?? 0) ^ 1;
  return { quote: changed, runtimeData };
}

/** A report that the right enclave makes on a processor of his, for the Quoting Enclave of the study's. */
async function quotedElsewhere({ world, study, machine, enclave }: Lair): Promise<Evidence> {
  const elsewhere = await study.load(await world.machine('elsewhere'), enclave);
  const enclaveId = elsewhere.id;
  const { host } = elsewhere.machine;
  const nonce = new Uint8Array();
  const { runtimeData } = await host.getEvidence({ enclaveId, nonce });
  const { qeTargetInfo } = await machine.host.getPlatformInfo({});
  const { report } = await host.getReport({ enclaveId, targetInfo: qeTargetInfo, nonce });
  const { quote } = await asked('quoting enclave', machine.host.getQuote({ report }));
  return { quote, runtimeData };
}

/** Between a host of his and the vault he records a release to one enclave, and gives it to the next. */
async function replayRelease(lair: Lair): Promise<void> {
  const { world, study, enclave, env } = lair;
  const { vault } = victimOf(lair);
  const tapped = await tapVault(world, vault.url);
  const ways = JSON.stringify({ [vault.url]: tapped.url });
  const tappedHost = await world.machine('tapped', {
    env: { ...env, TOUCHSTONE_ORIGIN_MAP: ways },
  });
  const earlier = await study.load(tappedHost, enclave);
  await openAt(lair, earlier);
  await earlier.terminate();
  tapped.replay();
  await openAt(lair, await study.load(tappedHost, enclave));
}

function victimOf({ study }: Lair): Hospital {
  const found = study.hospitals.find(({ name }) => name === VICTIM);
  if (found === undefined) throw new TypeError(`there is no ${VICTIM}`);
  return found;
}
