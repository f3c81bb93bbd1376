import { hasCode } from '@touchstone/errors';
import { encodeKeyHsm, wrapKey } from '@touchstone/key-wrap';
import type { Clock, Random, VaultKeyStore, VaultKeyVersion } from '@touchstone/ports';
import { decideRelease, findKeyEncryptionKey } from '@touchstone/release';
import type { KeyEncryptionKey } from '@touchstone/release';
import { keyVault } from '@touchstone/wire';
import { VaultForbiddenError } from './access';
import type { AccessControl } from './access';
import { verifyAttestation } from './attestation-token';
import type { Authorities, TrustedAttestation } from './attestation-token';
import { policyOfReleasable } from './releasable-key';
import type { ReleaseSigner } from './release-signer';
import { TrailLog } from './release-trail';
import type { ReleaseTrail, TrailStart } from './release-trail';
import { VaultError } from './vault-error';

export interface ReleaseDeps {
  readonly store: VaultKeyStore;
  readonly access: AccessControl;
  readonly authorities: Authorities;
  readonly signer: () => Promise<ReleaseSigner>;
  readonly random: Random;
  readonly clock: Clock;
}

export interface ReleaseCall extends TrailStart {
  /** Reads what is asked; called once the caller is known to be allowed to release. */
  readonly request: () => Promise<keyVault.ReleaseKeyRequest>;
}

export type ReleaseOutcome =
  | { readonly granted: true; readonly jws: string; readonly trail: ReleaseTrail }
  /** `error` is why: coded when it was foreseen. */
  | { readonly granted: false; readonly error: unknown; readonly trail: ReleaseTrail };

/** token → decision → wrapped key. Never throws: a refusal is an outcome, so that each one leaves a record. */
export async function releaseKey(deps: ReleaseDeps, call: ReleaseCall): Promise<ReleaseOutcome> {
  const trail = new TrailLog(deps.clock.now(), call);
  try {
    const jws = await release(deps, call, trail);
    return { granted: true, jws, trail: trail.end() };
  } catch (error) {
    return { granted: false, error, trail: trail.end() };
  }
}

async function release(deps: ReleaseDeps, call: ReleaseCall, trail: TrailLog): Promise<string> {
  permitCaller(deps, call, trail);
  const request = await readRequest(call, trail);
  const key = await findKey(deps, call, trail);
  const policy = policyOfReleasable(key, trail.at, trail.checks);
  const attestation = await verifyAttestation(
    request.target,
    policy,
    trail.at,
    deps.authorities,
    trail.checks,
  );
  trail.trusted(attestation);
  meetPolicy(attestation, trail);
  const kek = keyEncryptionKey(attestation, trail);
  const answer = signedContent(deps, call, request, key, kek);
  trail.checks.passed('key-wrapped', { detail: request.enc });
  return (await deps.signer()).sign(answer);
}

function permitCaller({ access }: ReleaseDeps, call: ReleaseCall, { checks }: TrailLog): void {
  const action = 'keys/release/action';
  const grant = access.find(call.principal, action);
  const details = { read: grant?.role ?? 'no such role', expected: `a role with ${action}` };
  if (grant === undefined) {
    checks.failed('caller-permission', { ...details, code: 'VAULT_FORBIDDEN' });
    throw new VaultForbiddenError(call.principal, action, `keys/${call.name}`, call.scope.vault);
  }
  checks.passed('caller-permission', details);
}

async function readRequest(
  { scope, request }: ReleaseCall,
  trail: TrailLog,
): Promise<keyVault.ReleaseKeyRequest> {
  try {
    if (!keyVault.supportsRelease(scope.apiVersion)) {
      throw new VaultError('VAULT_EXPORTABLE_UNSUPPORTED', 'the API version has no release', {
        field: 'api-version',
      });
    }
    const asked = await request();
    trail.asked(asked);
    trail.checks.passed('request-form');
    return asked;
  } catch (error) {
    const field = hasCode(error) ? error.field : undefined;
    trail.checks.failed('request-form', {
      code: codeOf(error),
      ...(field !== undefined && { detail: field }),
    });
    throw error;
  }
}

async function findKey(
  { store }: ReleaseDeps,
  call: ReleaseCall,
  trail: TrailLog,
): Promise<VaultKeyVersion> {
  const { scope, name, version } = call;
  const key = await store.get(scope.vault, name, version);
  if (key === undefined) {
    const field = version === undefined ? name : `${name}/${version}`;
    trail.checks.failed('key-exists', { read: field, code: 'VAULT_KEY_NOT_FOUND' });
    throw new VaultError('VAULT_KEY_NOT_FOUND', 'there is no such key', { field });
  }
  trail.found(key);
  trail.checks.passed('key-exists');
  return key;
}

function meetPolicy({ token, entries }: TrustedAttestation, { checks }: TrailLog): void {
  const decision = decideRelease(token.claims, entries);
  checks.append(decision.checks);
  if (decision.granted) return;
  throw new VaultError('VAULT_POLICY_NOT_MET', 'the token does not meet the policy', {
    field: 'target',
  });
}

function keyEncryptionKey({ token }: TrustedAttestation, trail: TrailLog): KeyEncryptionKey {
  const expected = 'an RSA key for encryption in x-ms-runtime.keys';
  try {
    const kek = findKeyEncryptionKey(token.claims);
    trail.wrapsTo(kek);
    trail.checks.passed('key-encryption-key', { read: kek.kid, expected });
    return kek;
  } catch (cause) {
    trail.checks.failed('key-encryption-key', { code: codeOf(cause), expected });
    throw new VaultError('VAULT_KEK_UNUSABLE', 'the token carries no usable key-encryption key', {
      field: 'target',
      cause,
    });
  }
}

function signedContent(
  { random }: ReleaseDeps,
  { scope, version }: ReleaseCall,
  { enc, nonce }: keyVault.ReleaseKeyRequest,
  key: VaultKeyVersion,
  kek: KeyEncryptionKey,
): Readonly<Record<string, unknown>> {
  const ciphertext = wrapKey({ algorithm: enc, kek: kek.key, key: key.material, random });
  return keyVault.releasePayload({
    view: scope.view,
    apiVersion: scope.apiVersion,
    enc,
    nonce,
    key,
    requestedVersion: version,
    keyHsm: encodeKeyHsm({ kid: kek.kid, enc, ciphertext }),
  });
}

const codeOf = (error: unknown): string => (hasCode(error) ? error.code : 'UNEXPECTED');
