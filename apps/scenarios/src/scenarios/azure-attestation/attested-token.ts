import type { SecretSharingClient } from '@touchstone/enclave-rpc';
import type { Accomplices } from '../../exchange/man-in-the-middle';
import type { Party } from '../../exchange/party';
import { askedFor, explained } from '../../frame/explained';
import { Refused } from '../../frame/refused';
import type { Stage } from '../../frame/scenario';
import type { World } from '../../frame/world';
import { evidenceFor, type ServerEvidence } from './man-in-the-middle';
import { newClient, type Expectations } from './relying-client';

/** As steps name it. */
const SERVICE = 'attestation service';

/** A client, and the server that it is about to attest. */
export interface Meeting {
  readonly server: Party;
  readonly wire: SecretSharingClient;
  readonly accomplices: Accomplices;
  readonly expected: Expectations;
}

/** A token for this nonce, however it comes to the client. Fails with `Refused`. */
export async function obtainToken(
  { world, chosen, attack }: Stage,
  { server, wire, accomplices, expected }: Meeting,
  nonce: Uint8Array,
): Promise<string> {
  const passport = chosen.model === 'passport';
  if (passport && attack === undefined) return tokenFromServer(wire, nonce);
  const evidence = await evidenceFor(attack, server, nonce, accomplices);
  return passport
    ? tokenForAttacker(world, server, evidence, expected.provider)
    : tokenForClient(world, expected, evidence);
}

/** Passport: the guide's own call. The server asks for the token, with credentials and evidence of its own, and hands it on. */
async function tokenFromServer(wire: SecretSharingClient, nonce: Uint8Array): Promise<string> {
  const { ok, token = '', msg } = await wire.getAttestation('ATTESTATION', nonce);
  if (!ok) throw new Refused(SERVICE, 'MAA_REFUSED', msg);
  return token;
}

/** Passport, with the man in the middle in the server's place: he asks for the token with what he has. */
async function tokenForAttacker(
  world: World,
  server: Party,
  { quote, runtimeData }: ServerEvidence,
  provider: string,
): Promise<string> {
  const attesting = server.machine.host.attest({
    quote,
    runtimeData,
    runtimeDataType: 'RUNTIME_DATA_TYPE_JSON',
    attestationUrl: provider,
  });
  return (await askedFor(world, { attestation: SERVICE }, attesting)).token;
}

/** Background check: the client itself sends the evidence, with the official client. */
async function tokenForClient(
  world: World,
  expected: Expectations,
  { quote, runtimeData }: ServerEvidence,
): Promise<string> {
  try {
    const { token } = await newClient(expected).attestSgxEnclave(quote, {
      runTimeJson: runtimeData,
    });
    return token.serialize();
  } catch (error) {
    const { code, requestId } = answerIn(error);
    if (code === undefined) throw error;
    throw await explained(world, { by: SERVICE, answer: code, requestId }, error);
  }
}

/** What of an error of the official client is the service's. */
function answerIn(error: unknown): { code?: string; requestId: string } {
  const { code, response } = (error ?? {}) as {
    code?: unknown;
    response?: { headers?: { get(name: string): string | undefined } };
  };
  const requestId = response?.headers?.get('x-ms-request-id') ?? '';
  return { ...(typeof code === 'string' && response && { code }), requestId };
}
