import { toHex } from '@touchstone/bytes';
import type { ReleasedEnclave } from '@touchstone/server-enclave-host';
import { ExplainedRefusal } from '../../frame/explained';
import type { Machine } from '../../frame/machine';
import { Refused } from '../../frame/refused';
import type { Stage } from '../../frame/scenario';
import type { Hospital } from './hospital';
import type { Study } from './study';
import { ENCLAVE, type StudyEnclave } from './study-enclave';

/** Asks all hospitals for an enclave that not all of them take; what refuses is told, and the study does not begin. */
export async function agree(
  stage: Stage,
  study: Study,
  machine: Machine,
  enclave: ReleasedEnclave,
): Promise<void> {
  const loaded = await loadAndFill(stage, study, machine, enclave);
  for (const hospital of study.hospitals) await askOne(stage, hospital, loaded, enclave.svn);
  const refusal = await refusalOf(loaded.train());
  stage.narrator.step(
    ENCLAVE,
    'does not train: not all hospitals have released',
    { code: refusal?.code ?? 'none', message: refusal?.message ?? '' },
    'The enclave asks for the keys of the whole plan; its host cannot have it begin with some.',
  );
  stage.check({
    name: 'nothing is trained before all hospitals have released',
    ok: refusal?.code === 'RELEASES_MISSING',
    read: refusal?.code ?? 'it trained',
    expected: 'RELEASES_MISSING',
  });
  await loaded.terminate();
}

/** The same code with a higher SVN, for which all release. Fails with `Refused` where one does not. */
export async function upgrade(
  stage: Stage,
  study: Study,
  machine: Machine,
  enclave: ReleasedEnclave,
): Promise<StudyEnclave> {
  const { narrator, check } = stage;
  narrator.step(
    'enclave author',
    'ships the next security version: the same code, signed anew',
    { mrenclave: toHex(enclave.mrEnclave), svn: enclave.svn },
    'MRENCLAVE and MRSIGNER stay, the ISVSVN rises: whoever asks for the old one or a later one needs no new policy.',
  );
  const loaded = await loadAndFill(stage, study, machine, enclave);
  const released: string[] = [];
  for (const hospital of study.hospitals) {
    await loaded.open(hospital);
    released.push(hospital.name);
  }
  check({
    name: 'all hospitals release to the upgraded enclave',
    ok: released.length === study.hospitals.length,
    read: released.join(', '),
  });
  return loaded;
}

async function loadAndFill(
  { narrator }: Stage,
  study: Study,
  machine: Machine,
  enclave: ReleasedEnclave,
): Promise<StudyEnclave> {
  const onLog = (text: string): void => narrator.step(ENCLAVE, text);
  const loaded = await study.load(machine, enclave, { onLog });
  for (const hospital of study.hospitals) await loaded.bring(hospital);
  narrator.step('enclave host', 'loads the enclave for the plan, and hands in all encrypted data', {
    enclave: loaded.id,
    svn: enclave.svn,
  });
  return loaded;
}

/** Whether a hospital releases should follow from its own policy, and from nothing else. */
async function askOne(
  { narrator, check }: Stage,
  hospital: Hospital,
  enclave: StudyEnclave,
  svn: number,
): Promise<void> {
  const { name, vault, minimumSvn } = hospital;
  const refusal = await refusalOf(enclave.open(hospital));
  if (refusal !== undefined) {
    const explanation = refusal instanceof ExplainedRefusal ? { ...refusal.explanation } : {};
    narrator.step(
      vault.name,
      'refuses to release the key',
      explanation,
      `${name} waits for a security version that this enclave does not have; everything else is as it reviewed it.`,
    );
  }
  check({
    name: `${name} decides by its own policy`,
    ok: (svn >= minimumSvn ? undefined : 'claim-x-ms-sgx-svn') === refusal?.code,
    read: refusal === undefined ? `released to svn ${svn}` : `${refusal.code}: ${refusal.message}`,
    expected: `svn >= ${minimumSvn}`,
  });
}

async function refusalOf(call: Promise<void>): Promise<Refused | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    if (error instanceof Refused) return error;
    throw error;
  }
}
