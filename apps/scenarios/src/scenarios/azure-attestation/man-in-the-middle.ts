import { generateKeyPairSync } from 'node:crypto';
import { fromUtf8, sha256, toBase64Url } from '@touchstone/bytes';
import type { Accomplices } from '../../exchange/man-in-the-middle';
import type { Party } from '../../exchange/party';
import type { AttackName } from '../../frame/attack';
import { asked } from '../../frame/refused';

/** What an attestation service judges. */
export interface ServerEvidence {
  readonly quote: Uint8Array;
  /** UTF-8 JSON, as hashed into the quote's report data. */
  readonly runtimeData: Uint8Array;
}

/** MRENCLAVE in a quote. */
const MRENCLAVE = 48 + 64;
const NONCE_BYTES = 32;

/** Evidence of the server's enclave, or of what a man in the middle puts into its place. */
export async function evidenceFor(
  attack: AttackName | undefined,
  server: Party,
  nonce: Uint8Array,
  accomplices: Accomplices,
): Promise<ServerEvidence> {
  switch (attack) {
    case undefined:
      return evidenceOf(server, nonce);
    case 'swap-key':
      return { ...(await evidenceOf(server, nonce)), runtimeData: withOwnKey(nonce) };
    case 'replay':
      return evidenceOf(server, sha256(fromUtf8('the nonce of an earlier exchange')));
    case 'tamper-report':
      return tampered(await evidenceOf(server, nonce));
    case 'wrong-enclave':
      return evidenceOf(await accomplices.wrongEnclave(), nonce);
    case 'stale-tcb':
      return evidenceOf(await accomplices.staleEnclave(), nonce);
    case 'debug-enclave':
      return evidenceOf(await accomplices.debugEnclave(), nonce);
    case 'other-processor':
      return quotedElsewhere(server, await accomplices.elsewhere(), nonce);
  }
}

const evidenceOf = ({ name, machine, enclaveId }: Party, nonce: Uint8Array) =>
  asked(name, machine.host.getEvidence({ enclaveId, nonce }));

/** Runtime data as the enclave would compose it, but for a key of his own. */
function withOwnKey(nonce: Uint8Array): Uint8Array {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
  const key = { kty: 'RSA', kid: 'man-in-the-middle', use: 'enc', n, e };
  const nonceText = toBase64Url(nonce);
  return fromUtf8(JSON.stringify({ keys: [key], 'client-payload': { nonce: nonceText } }));
}

function tampered({ quote, runtimeData }: ServerEvidence): ServerEvidence {
  const changed = quote.slice();
  changed[MRENCLAVE] = (changed[MRENCLAVE] ?? 0) ^ 1;
  return { quote: changed, runtimeData };
}

/** A report that the right enclave makes on his processor, for the Quoting Enclave of the server's. */
async function quotedElsewhere(
  server: Party,
  elsewhere: Party,
  nonce: Uint8Array,
): Promise<ServerEvidence> {
  const { host } = server.machine;
  const { qeTargetInfo } = await host.getPlatformInfo({});
  const { runtimeData } = await evidenceOf(elsewhere, nonce);
  const { report } = await elsewhere.machine.host.getReport({
    enclaveId: elsewhere.enclaveId,
    targetInfo: qeTargetInfo,
    nonce: nonce.subarray(0, NONCE_BYTES),
  });
  const { quote } = await asked('quoting enclave', host.getQuote({ report }));
  return { quote, runtimeData };
}
