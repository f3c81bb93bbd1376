import { toHex } from '@touchstone/bytes';
import type { ReleasedEnclave } from '@touchstone/server-enclave-host';
import type { Scenario, Stage } from '../../frame/scenario';
import { openAttestationProvider } from '../../provider/attestation-provider';
import { agree, upgrade } from './agreement';
import { REFUSALS } from './expected-refusals';
import { admitHospital, type Hospital } from './hospital';
import { learnJointly } from './joint-learning';
import { attackWith } from './man-in-the-middle';
import { inferPrivately } from './private-inference';
import { dealShares, HOSPITAL_NAMES, type Dealt } from './shares';
import { planStudy, type Study } from './study';
import { openVault } from './vault';

const PROVIDER = 'hospitals';
const MACHINE = 'study';
/** The enclave as it is first released, and with what is fixed in it then. */
const SVN = { first: 1, fixed: 2 } as const;
/** Two take the enclave as it is; one waits for the fix. */
const MINIMUM_SVN: Readonly<Record<string, number>> = {
  'hospital-a': SVN.first,
  'hospital-b': SVN.first,
  'hospital-c': SVN.fixed,
};

/** Three hospitals train one model, and none shows its data to another. */
export const HOSPITALS: Scenario = {
  name: 'hospitals',
  title: 'three hospitals train one model without showing each other their data',
  choices: {},
  attacks: () => REFUSALS,
  run: async (stage) => {
    const { world, narrator, attack } = stage;
    const [dealt, provider] = await Promise.all([
      dealShares(),
      openAttestationProvider(world, PROVIDER),
    ]);
    const hospitals = await admitAll(stage, dealt);
    const env = {
      ENCLAVE_HOST_VAULT_URLS: hospitals.map(({ vault }) => vault.url).join(','),
      ENCLAVE_HOST_ATTESTATION_URLS: provider.url,
    };
    const machine = await world.machine(MACHINE, { env });
    narrator.step('all parties', 'are running', {
      ...Object.fromEntries(hospitals.map(({ vault }) => [vault.name, vault.url])),
      'enclave host': machine.url,
      'attestation provider': provider.url,
    });
    const urls = hospitals.map(({ vault }) => vault.url);
    stage.check({
      name: 'each hospital has a vault of its own',
      ok: new Set(urls).size === hospitals.length,
      read: urls.join(', '),
    });

    const study = await planStudy(world, hospitals, provider.url);
    narrator.step(
      'all hospitals',
      'agree on the plan of the study: who takes part, with which key and which data',
      { plan: `${study.plan.length} bytes`, 'config id': `${toHex(study.configId).slice(0, 32)}…` },
      "Its SHA-512 becomes the enclave's CONFIGID, so nobody can be added to the study, left out, or stood in for.",
    );
    const enclave = study.images.atSvn(attack === undefined ? SVN.first : SVN.fixed);
    await agreeToRelease(stage, hospitals, enclave, study);
    if (attack !== undefined) {
      narrator.step('man in the middle', `is the host of the study: ${attack}`);
      return attackWith(attack, { world, study, machine, enclave, env });
    }

    const alone = await accuraciesAlone(stage, hospitals, dealt);
    await agree(stage, study, machine, enclave);
    const joint = await upgrade(stage, study, machine, study.images.atSvn(SVN.fixed));
    await learnJointly(stage, study, joint, { alone, heldOut: dealt.heldOut });
    await inferPrivately(stage, study, joint, dealt.heldOut);
    await joint.terminate();
    narrator.step('enclave host', 'terminates the enclave, and with it all keys and the model');
  },
};

async function admitAll({ world, narrator }: Stage, { shares }: Dealt): Promise<Hospital[]> {
  const vaults = await Promise.all(HOSPITAL_NAMES.map((name) => openVault(world, name)));
  return HOSPITAL_NAMES.map((name, index) => {
    const [vault, share] = [vaults[index], shares.get(name)];
    if (vault === undefined || share === undefined) throw new TypeError(`nothing for ${name}`);
    const hospital = admitHospital(name, vault, share, MINIMUM_SVN[name] ?? SVN.first);
    narrator.step(name, 'encrypts its images under a key of its own', {
      images: share.training,
      'of each digit, 0 to 9': countsOf(share.labels, share.classes).join(' '),
      'cipher text': `${hospital.encrypted.length} bytes`,
    });
    return hospital;
  });
}

async function agreeToRelease(
  { narrator }: Stage,
  hospitals: readonly Hospital[],
  enclave: ReleasedEnclave,
  study: Study,
): Promise<void> {
  const { mrEnclave, mrSigner, svn } = enclave;
  narrator.step('enclave author', 'measures and signs the joint trainer', {
    mrenclave: toHex(mrEnclave),
    mrsigner: toHex(mrSigner),
    svn,
  });
  for (const hospital of hospitals) {
    await hospital.agree({ ...enclave, configId: study.configId }, study.attestationUrl);
    narrator.step(
      hospital.name,
      'reviews the enclave, and puts its key into its own vault under its own release policy',
      {
        client: '@azure/keyvault-keys, unmodified',
        key: hospital.participant.keyId,
        policy: `authority, mrenclave, mrsigner, config id, not debuggable, svn >= ${hospital.minimumSvn}`,
      },
    );
  }
}

/** What each of them could do without the others, by the same code. */
async function accuraciesAlone(
  { narrator }: Stage,
  hospitals: readonly Hospital[],
  { heldOut }: Dealt,
): Promise<ReadonlyMap<string, number>> {
  const alone = new Map<string, number>();
  for (const hospital of hospitals) {
    const accuracy = await hospital.accuracyAlone(heldOut);
    alone.set(hospital.name, accuracy);
    narrator.step(hospital.name, 'trains on its own images alone', {
      images: hospital.share.training,
      [`accuracy on ${heldOut.labels.length} images that nobody trains on`]: accuracy,
    });
  }
  return alone;
}

function countsOf(labels: Uint8Array, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
}
