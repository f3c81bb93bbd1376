import { fromUtf8, sha256, toBase64Url, toUtf8 } from '@touchstone/bytes';
import { parseJson } from '@touchstone/claims';
import {
  type DecisionRecord,
  decodeDecisionRecord,
  encodeDecisionRecord,
} from '@touchstone/decision';
import { assertJsonDepth } from '@touchstone/http';
import { issuerChain, parsePckList } from '@touchstone/pcs-client';
import { PROCESSOR_MODELS } from '@touchstone/authority';
import { attestation, keyVault } from '@touchstone/wire';
import { mutateJson } from '../json-mutations';
import { RUNTIME_DATA, simulated } from '../seeds';
import { type FuzzTarget, orRefusal, promise } from '../target';
import { looseText } from '../text';

const words = [
  '"nonce":',
  '"runtimeData":null,',
  '"dataType":"JSON"',
  '"QUOTE":',
  '"initTimeData":{}',
  '"key_hsm":',
  '"kty":"oct"',
];
const tokens = words.map(fromUtf8);

function attestBodies(): readonly string[] {
  const { quote } = simulated();
  const evidence = toBase64Url(quote.bytes);
  const runtimeData = { data: toBase64Url(RUNTIME_DATA), dataType: 'JSON' };
  return [
    { quote: evidence, runtimeData },
    { report: evidence, runtimeData: { ...runtimeData, dataType: 'Binary' }, nonce: 7 },
    {
      quote: evidence,
      initTimeData: { data: '', dataType: '' },
      draftPolicyForAttestation: 'version=1.0;',
    },
  ].map((body) => JSON.stringify(body));
}

function runAttest(input: Uint8Array): string {
  const body = parseJson(toUtf8(input), 'body');
  const ways = attestation.ATTESTATION_TYPES.map((type) => {
    const order = orRefusal(() => attestation.decodeAttestRequest(type, '2022-08-01', body));
    promise('accepted evidence is not empty', order === undefined || order.evidence.length > 0);
    return order === undefined ? 'no' : Object.keys(order).join('+');
  });
  // Once more for the refusal's own code.
  if (ways.every((way) => way === 'no'))
    attestation.decodeAttestRequest('SgxEnclave', '2022-08-01', body);
  return ways.join(' ');
}

const VAULT_BODIES = [
  {
    kty: 'RSA',
    key_size: 2048,
    key_ops: ['wrapKey'],
    attributes: { exportable: true, nbf: 1 },
    tags: { a: 'b' },
  },
  {
    key: { kty: 'RSA', n: 'AQAB', e: 'AQAB', d: 'AQ' },
    hsm: true,
    release_policy: { data: 'e30', immutable: false },
  },
  { target: 'a.b.c', enc: 'RSA_AES_KEY_WRAP_256', nonce: 'n' },
  { attributes: { enabled: false, exp: 253402300799 }, key_ops: [] },
].map((body) => JSON.stringify(body));

function runVault(input: Uint8Array): string {
  const text = Buffer.from(toUtf8(input));
  assertJsonDepth(text);
  const body = plainJson(text.toString('utf8'));
  const decoders = [
    keyVault.decodeCreateKey,
    keyVault.decodeImportKey,
    keyVault.decodeUpdateKey,
    keyVault.decodeReleaseKey,
  ] as const;
  const taken = decoders.map((decode) => orRefusal<unknown>(() => decode(body)) !== undefined);
  if (!taken.includes(true)) keyVault.decodeCreateKey(body);
  return taken.join(' ');
}

/** The middleware in front of the decoders refuses what is not JSON; here it stands for an empty body. */
function plainJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function pckList(): Uint8Array {
  const { platform } = simulated();
  const issued = platform.authority.bestPckCertificate(
    platform.fused,
    platform.rawTcb,
    platform.at,
  );
  const entry = { tcbm: issued.tcbm, cert: encodeURIComponent(issued.pem) };
  return fromUtf8(
    JSON.stringify([
      { ...entry, tcb: {} },
      { ...entry, cert: 'Not available' },
    ]),
  );
}

const RECORD: DecisionRecord = {
  requestId: '00-00',
  kind: 'attest',
  service: 'attestation-service',
  at: '2026-01-05T06:07:08Z',
  outcome: 'granted',
  status: 200,
  subject: { evidence: Buffer.from(sha256(RUNTIME_DATA)).toString('hex') },
  facts: { models: PROCESSOR_MODELS.length },
  checks: [{ name: 'evidence-format', result: 'passed' }],
};

/** Bodies and headers as the servers and clients read them. */
export function requestTargets(): readonly FuzzTarget[] {
  const { collateral } = simulated();
  const chain = encodeURIComponent(collateral.tcbInfoIssuerChain);
  return [
    {
      name: 'attest-request',
      seeds: attestBodies().map(fromUtf8),
      tokens,
      shape: mutateJson,
      run: runAttest,
    },
    {
      name: 'vault-request',
      seeds: VAULT_BODIES.map(fromUtf8),
      tokens,
      shape: mutateJson,
      run: runVault,
    },
    {
      name: 'pck-list',
      seeds: [pckList()],
      tokens: ['Not available', '%0A', '%', '"tcbm":"'].map(fromUtf8),
      shape: mutateJson,
      run: (input) => `${Math.min(parsePckList(input).length, 3)}`,
    },
    {
      name: 'issuer-chain-header',
      seeds: [fromUtf8(chain)],
      tokens: ['%0A', '%', '%00', '%2B', '+'].map(fromUtf8),
      run: (input) =>
        issuerChain({ chain: looseText(input) }, ['chain']).pem.length > 0 ? 'a chain' : 'empty',
    },
    {
      name: 'decision-record',
      seeds: [fromUtf8(encodeDecisionRecord(RECORD))],
      shape: mutateJson,
      run: (input) => {
        const record = decodeDecisionRecord(looseText(input));
        promise('a record can be written again', encodeDecisionRecord(record).length > 0);
        return record.outcome === 'granted' ? 'granted' : 'other';
      },
    },
  ];
}
