import { equal, sha1, toBase64, toHex, toUtf8 } from '@touchstone/bytes';
import { activatePolicy, policyTokenHash } from '@touchstone/appraisal';
import { isJsonObject, parseJsonObject, type JsonObject } from '@touchstone/claims';
import { parseCertificate } from '@touchstone/pki';
import type { AttestationProviderRecord, AttestationProviderStore } from '@touchstone/ports';
import { AttestationError } from './attestation-error';
import type { EvidenceType } from './evidence';
import type { Location } from './providers';
import { asAttestationError } from './refusal';
import { acceptStatement, readChain } from './signed-statement';
import { policyJwsOf, policyText } from './stored-policy';
import type { ResultIssuer } from './token-issuer';

/** Policy signing certificates of one provider. */
export const MAX_SIGNERS = 100;
/** How often a change is tried anew when others came between. */
const MAX_ATTEMPTS = 10;
/** Names under which clients send a certificate to add or remove, the current one first. */
const CERTIFICATE_MEMBERS = [
  'policyCertificate',
  'maa-policyCertificate',
  'aas-policyCertificate',
  'x-ms-policyCertificate',
];

/** What the owner of a provider may do with it. Each answer is a token of the provider. */
export interface ProviderOwner {
  policy(location: Location, type: EvidenceType): Promise<string>;
  /** Takes the statement as it came: its bytes are hashed and kept. */
  setPolicy(location: Location, type: EvidenceType, jws: string): Promise<string>;
  resetPolicy(location: Location, type: EvidenceType, jws: string): Promise<string>;
  certificates(location: Location): Promise<string>;
  addCertificate(location: Location, jws: string): Promise<string>;
  removeCertificate(location: Location, jws: string): Promise<string>;
}

export interface ProviderOwnerDeps {
  readonly store: AttestationProviderStore;
  readonly issueResult: ResultIssuer;
}

export function createProviderOwner({ store, issueResult }: ProviderOwnerDeps): ProviderOwner {
  /** The change is judged anew on whatever stands there: a signer that was just removed signs nothing more. */
  async function change(
    { provider }: Location,
    judge: (record: AttestationProviderRecord) => Partial<AttestationProviderRecord>,
  ): Promise<AttestationProviderRecord> {
    if (!provider.record) throw disallowed('The policies of a shared provider cannot be changed.');
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const record = await store.find(provider.name);
      if (record?.id !== provider.record.id) break;
      const next = { ...record, ...judge(record) };
      if ((await store.replace(next)) === 'replaced') return next;
    }
    throw new AttestationError('ATTESTATION_CONFLICT', 'The provider was changed by another.');
  }

  const answer = (location: Location, claims: JsonObject): Promise<string> =>
    issueResult({ claims, issuer: location.issuer, region: location.provider.region });

  async function changeSigners(location: Location, jws: string, edit: SignerEdit): Promise<string> {
    let certificate = new Uint8Array();
    const { signers } = await change(location, (record) => {
      assertIsolated(record);
      certificate = new Uint8Array(certificateIn(acceptStatement(jws, record).payload));
      return { signers: edit.apply(record.signers, certificate) };
    });
    return answer(location, {
      'x-ms-certificate-thumbprint': toHex(sha1(certificate)).toUpperCase(),
      'x-ms-policycertificates-result': edit.result,
      'x-ms-policy-certificates': keySet(signers),
    });
  }

  return {
    policy: (location, type) =>
      answer(location, { 'x-ms-policy': policyJwsOf(location.provider, type) }),
    async setPolicy(location, type, jws) {
      let signer: JsonObject | undefined;
      await change(location, (record) => {
        const statement = acceptStatement(jws, record);
        assertPolicy(policyText(statement.payload));
        signer = statement.signer;
        return { policies: { ...record.policies, [type]: jws } };
      });
      return answer(location, {
        'x-ms-policy-result': 'Updated',
        'x-ms-policy-token-hash': policyTokenHash(jws),
        ...(signer && { 'x-ms-policy-signer': signer }),
      });
    },
    async resetPolicy(location, type, jws) {
      await change(location, (record) => {
        // A policy that was signed to be set must not serve to take the policy away.
        if (acceptStatement(jws, record).payload.length > 0)
          throw invalid('The token of a reset has no body.', 'payload');
        return {
          policies: Object.fromEntries(
            Object.entries(record.policies).filter(([name]) => name !== type),
          ),
        };
      });
      return answer(location, { 'x-ms-policy-result': 'Removed' });
    },
    certificates: (location) =>
      answer(location, {
        'x-ms-policy-certificates': keySet(location.provider.record?.signers ?? []),
      }),
    addCertificate: (location, jws) => changeSigners(location, jws, ADD),
    removeCertificate: (location, jws) => changeSigners(location, jws, REMOVE),
  };
}

interface SignerEdit {
  readonly result: 'IsPresent' | 'IsAbsent';
  apply(signers: readonly Uint8Array[], certificate: Uint8Array): readonly Uint8Array[];
}

const ADD: SignerEdit = {
  result: 'IsPresent',
  apply(signers, certificate) {
    if (signers.some((signer) => equal(signer, certificate))) return signers;
    if (signers.length === MAX_SIGNERS) throw disallowed('The provider has too many signers.');
    return [...signers, certificate];
  },
};

const REMOVE: SignerEdit = {
  result: 'IsAbsent',
  apply(signers, certificate) {
    const left = signers.filter((signer) => !equal(signer, certificate));
    if (left.length === 0) throw disallowed('The last policy certificate cannot be removed.');
    return left;
  },
};

/** @throws AttestationError ATTESTATION_POLICY_SYNTAX */
function assertPolicy(text: string): void {
  try {
    activatePolicy(text);
  } catch (error) {
    throw asAttestationError(error) ?? error;
  }
}

function assertIsolated({ trustModel }: AttestationProviderRecord): void {
  if (trustModel !== 'Isolated') throw disallowed('The operation is disallowed.');
}

/** The certificate of the JWK that a statement carries; its chain, where there is one, has to be a chain. */
function certificateIn(payload: Uint8Array): Uint8Array {
  const body = readBody(payload);
  const name = CERTIFICATE_MEMBERS.find((candidate) => Object.hasOwn(body, candidate));
  const jwk = name === undefined ? undefined : body[name];
  if (jwk === undefined || !isJsonObject(jwk))
    throw invalid('Could not find "maa-policyCertificate" claim in policy token', 'payload');
  const [leaf] = readChain(jwk['x5c']);
  const kty = leaf?.publicKey.asymmetricKeyType === 'rsa' ? 'RSA' : 'EC';
  if (!leaf || jwk['kty'] !== kty) throw invalid('kty is not that of the certificate', 'kty');
  return leaf.der;
}

function readBody(payload: Uint8Array): JsonObject {
  try {
    return parseJsonObject(toUtf8(payload, 'payload'), 'payload');
  } catch (cause) {
    throw invalid('The body of the token is not one JSON object.', 'payload', cause);
  }
}

/** The signers in the form of the live service. */
const keySet = (signers: readonly Uint8Array[]): JsonObject => ({
  keys: signers.map((der) => {
    const { publicKey } = parseCertificate(der);
    const rsa = publicKey.asymmetricKeyType === 'rsa';
    return {
      alg: rsa ? 'RS256' : 'ES256',
      kty: rsa ? 'RSA' : 'EC',
      use: 'sig',
      x5c: [toBase64(der)],
    };
  }),
});

const disallowed = (message: string): AttestationError =>
  new AttestationError('ATTESTATION_OPERATION_DISALLOWED', message);

const invalid = (message: string, field: string, cause?: unknown): AttestationError =>
  new AttestationError('ATTESTATION_STATEMENT_INVALID', message, { field, cause });
