import { ENCLAVE_ID_METADATA } from '@touchstone/enclave-rpc';
import type {
  CallContext,
  SecretSharingHandlers,
  SecretSharingVariant,
  SharingReply,
  SharingRequest,
} from '@touchstone/enclave-rpc';
import { CodedError } from '@touchstone/errors';
import { EnclaveHostError } from '@touchstone/service-enclave-host';
import type { SecretSharing, SharedKeyKind } from '@touchstone/service-enclave-host';

const KINDS: Readonly<Record<string, SharedKeyKind>> = { ATTESTATION: 'PEM', SYNC_SYM: 'AES' };
const KEY_KIND_NUMBERS: Readonly<Record<SharedKeyKind, number>> = { PEM: 0, AES: 1 };
/** Length of a challenge in a request of GetAttestation, where the guide's clients have nothing. */
const CHALLENGE_BYTES = 32;

const GENERATED = 'Remote report generated successfully.';
const VERIFIED = 'Remote report verified successfully.';

/** The guide's service over `SecretSharing`, in one of its two variants. */
export const secretSharingHandlers = (
  variant: SecretSharingVariant,
  sharing: SecretSharing,
): SecretSharingHandlers => ({
  getAttestation: (request, context) =>
    variant === 'remote'
      ? remoteAttestation(sharing, request, context)
      : azureAttestation(sharing, request, context),
  verifyAttestation: async ({ cmd, key, report }, context) => {
    const kind = kindOf(cmd);
    const enclaveId = enclaveOf(context);
    // A client that is no enclave has no evidence: it gives its key to whom the token named.
    if (variant === 'azure') await sharing.takeKey(key, enclaveId);
    else await sharing.verify(kind, { key, report }, enclaveId);
    return { ok: true, msg: variant === 'azure' ? 'Key taken.' : VERIFIED };
  },
  decryptAttachedData: async (data, context) => {
    const { bytes, sha256 } = await sharing.decrypt(data, enclaveOf(context));
    return { ok: true, msg: `Data decrypted: ${bytes} bytes, SHA-256 ${sha256}.` };
  },
});

async function remoteAttestation(
  sharing: SecretSharing,
  { cmd, key: challenge }: SharingRequest,
  context: CallContext,
): Promise<SharingReply> {
  const kind = kindOf(cmd);
  if (challenge.length !== 0 && challenge.length !== CHALLENGE_BYTES) {
    throw new EnclaveHostError('HOST_REQUEST_INVALID', `a challenge has ${CHALLENGE_BYTES} bytes`, {
      field: 'key',
    });
  }
  const made = await sharing.attestation(kind, challenge, enclaveOf(context));
  return { ok: true, keyKind: KEY_KIND_NUMBERS[kind], ...made, msg: GENERATED };
}

/** A refusal of the attestation service is an answer on this wire, and no failed call. */
async function azureAttestation(
  sharing: SecretSharing,
  { cmd, key: challenge }: SharingRequest,
  context: CallContext,
): Promise<SharingReply> {
  if (kindOf(cmd) !== 'PEM') throw unknownCommand();
  try {
    const { token } = await sharing.token(challenge, enclaveOf(context));
    return { ok: true, token, msg: GENERATED };
  } catch (error) {
    if (!(error instanceof CodedError) || error.code !== 'MAA_REFUSED') throw error;
    return { ok: false, msg: `The attestation service refused: ${error.message}` };
  }
}

function kindOf(cmd: string | number): SharedKeyKind {
  const kind = KINDS[cmd];
  if (kind !== undefined) return kind;
  throw unknownCommand();
}

const unknownCommand = (): EnclaveHostError =>
  new EnclaveHostError('HOST_COMMAND_UNKNOWN', 'Unknown command.', { field: 'cmd' });

const enclaveOf = (context: CallContext): string | undefined =>
  context.metadata(ENCLAVE_ID_METADATA);
