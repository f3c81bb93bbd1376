import { equal, fromUtf8 } from '@touchstone/bytes';
import {
  createImage,
  manifestToJson,
  parseManifest,
  signEnclave,
  signedEnclaveFromJson,
  signedEnclaveToJson,
} from '@touchstone/enclave';
import { decodePlan, encodePlan } from '@touchstone/enclave-joint-trainer';
import {
  decodeDataset,
  decodeModel,
  encodeDataset,
  encodeModel,
} from '@touchstone/image-classifier';
import {
  EINITTOKEN_SIZE,
  encodeEinitToken,
  parseEinitToken,
  parseSigstruct,
  verifySigstruct,
} from '@touchstone/platform';
import {
  encodeKeyRequest,
  encodeReport,
  encodeReportBody,
  encodeTargetInfo,
  encodeTdReportBody,
  parseKeyRequest,
  parseReport,
  parseReportBody,
  parseTargetInfo,
  parseTdReportBody,
} from '@touchstone/quote';
import { anAuthorKey } from '@touchstone/testkit';
import { mutateJson } from '../json-mutations';
import { simulated, tdReport } from '../seeds';
import { type FuzzTarget, orRefusal, promise } from '../target';
import { looseText } from '../text';

const MANIFEST = {
  name: 'fuzzed',
  productId: 7,
  svn: 3,
  debug: false,
  heapPages: 4,
  threads: 1,
  attributes: [],
};

/** A parser of fixed-size structures, and the writer that is its inverse. */
const roundTrip =
  <Value>(parse: (bytes: Uint8Array) => Value, encode: (value: Value) => Uint8Array) =>
  (input: Uint8Array): string => {
    promise('what is accepted is encoded as it arrived', equal(encode(parse(input)), input));
    return 'accepted';
  };

const anEnclave = () => {
  const code = fromUtf8('exports.ecalls = {};');
  const image = createImage(MANIFEST, code);
  const sigstruct = signEnclave(image, anAuthorKey('fuzz'), simulated().platform.at);
  return { manifest: MANIFEST, code, sigstruct };
};

const kss = { extendedProductId: new Uint8Array(16), familyId: new Uint8Array(16).fill(1) };

const aPlan = (): Uint8Array =>
  encodePlan({
    attestationUrl: 'https://a.test',
    participants: ['one', 'two'].map((name) => ({
      name,
      keyId: `https://${name}.test/keys/k`,
      dataSha256: new Uint8Array(32),
    })),
  });

function runSigstruct(input: Uint8Array): string {
  const sigstruct = parseSigstruct(input);
  return orRefusal(() => verifySigstruct(sigstruct)) ? 'signed' : 'not signed';
}

function runManifest(input: Uint8Array): string {
  const manifest = parseManifest(looseText(input));
  const text = manifestToJson(manifest);
  promise('a manifest survives a second writing', manifestToJson(parseManifest(text)) === text);
  return `${manifest.kss !== undefined} ${manifest.attributes.length}`;
}

function runShippedEnclave(input: Uint8Array): string {
  const enclave = signedEnclaveFromJson(jsonOf(looseText(input)));
  const again = signedEnclaveFromJson(signedEnclaveToJson(enclave));
  promise('an enclave survives a second writing', equal(again.code, enclave.code));
  return orRefusal(() => parseSigstruct(enclave.sigstruct)) ? 'with SIGSTRUCT' : 'without';
}

function runStudyPlan(input: Uint8Array): string {
  const plan = decodePlan(fromUtf8(looseText(input)));
  const bytes = encodePlan(plan);
  promise('a plan survives a second writing', equal(encodePlan(decodePlan(bytes)), bytes));
  return String(plan.participants.length);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** What a host hands to a processor or to an enclave. */
export function machineTargets(): readonly FuzzTarget[] {
  const enclave = anEnclave();
  const dataset = {
    rows: 2,
    columns: 2,
    classes: 2,
    training: 1,
    pixels: Uint8Array.from({ length: 8 }, (_, pixel) => pixel),
    labels: Uint8Array.of(0, 1),
  };
  const model = { rows: 2, columns: 2, classes: 2, weights: Float32Array.of(1, 2, 3, 4) };
  const manifests = [MANIFEST, { ...MANIFEST, kss, attributes: ['PROVISION_KEY'] as const }];
  return [
    { name: 'report', seeds: [new Uint8Array(432)], run: roundTrip(parseReport, encodeReport) },
    {
      name: 'report-body',
      seeds: [simulated().quote.qeReportBytes],
      run: roundTrip(parseReportBody, encodeReportBody),
    },
    {
      name: 'td-report-body',
      seeds: [encodeTdReportBody(tdReport()), encodeTdReportBody(tdReport(true))],
      run: roundTrip(parseTdReportBody, encodeTdReportBody),
    },
    {
      name: 'target-info',
      seeds: [simulated().platform.machine.quoting.targetInfo()],
      run: roundTrip(parseTargetInfo, encodeTargetInfo),
    },
    {
      name: 'key-request',
      seeds: [new Uint8Array(512)],
      run: roundTrip(parseKeyRequest, encodeKeyRequest),
    },
    {
      name: 'einit-token',
      seeds: [new Uint8Array(EINITTOKEN_SIZE)],
      run: roundTrip(parseEinitToken, encodeEinitToken),
    },
    { name: 'sigstruct', seeds: [enclave.sigstruct], run: runSigstruct },
    {
      name: 'enclave-manifest',
      seeds: manifests.map((manifest) => fromUtf8(manifestToJson(manifest))),
      tokens: ['"kss":', '"attributes":["PROVISION_KEY"]', '"toString":1,'].map(fromUtf8),
      shape: mutateJson,
      run: runManifest,
    },
    {
      name: 'shipped-enclave',
      seeds: [fromUtf8(JSON.stringify(signedEnclaveToJson(enclave)))],
      shape: mutateJson,
      run: runShippedEnclave,
    },
    {
      name: 'trainer-dataset',
      seeds: [encodeDataset(dataset)],
      run: roundTrip(decodeDataset, encodeDataset),
    },
    {
      name: 'trainer-model',
      seeds: [encodeModel(model)],
      run: roundTrip(decodeModel, encodeModel),
    },
    { name: 'study-plan', seeds: [aPlan()], shape: mutateJson, run: runStudyPlan },
  ];
}
