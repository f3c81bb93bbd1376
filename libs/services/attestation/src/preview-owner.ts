import { isJsonObject, type JsonObject } from '@touchstone/claims';
import { certificateJwk, type DocumentSigner } from '@touchstone/policy-document';
import { jwtClaims, parseCompactJws } from '@touchstone/token';
import { AttestationError } from './attestation-error';
import type { EvidenceType } from './evidence';
import type { OwnTokens } from './own-token';
import type { ProviderChanges, SignersChanged } from './provider-changes';
import { signersOf } from './provider-owner';
import type { Location } from './providers';
import { policyJwsOf } from './stored-policy';
import type { ResultIssuer } from './token-issuer';

/** Carries the policy from the first step to the second: the provider keeps nothing between them. */
const PREPARED = 'aas-preparedPolicy';

/** What the owner of a provider may do with it under 2018-09-01-preview. Policies are those of today's dialect. */
export interface PreviewOwner {
  /** The stored document itself. */
  policy(location: Location, type: EvidenceType): Promise<string>;
  /** First step: judges a policy and answers with a token of the provider that commits to it. Nothing is set yet. */
  prepare(location: Location, type: EvidenceType, jws: string): Promise<string>;
  /** Second step: sets the policy that such a token commits to, or one that comes by itself. */
  set(location: Location, type: EvidenceType, jwt: string): Promise<void>;
  reset(location: Location, type: EvidenceType, jws: string): Promise<string>;
  certificates(location: Location): Promise<string>;
  addCertificate(location: Location, jws: string): Promise<string>;
  removeCertificate(location: Location, jws: string): Promise<string>;
}

export interface PreviewOwnerDeps {
  readonly changes: ProviderChanges;
  readonly issueResult: ResultIssuer;
  readonly ownToken: OwnTokens;
}

/** The preview took a policy that stands in its document as plain text, too. */
const OPTIONS = { plainText: true };

export function createPreviewOwner(deps: PreviewOwnerDeps): PreviewOwner {
  const { changes, issueResult, ownToken } = deps;
  const answer = ({ issuer, provider }: Location, claims: JsonObject): Promise<string> =>
    issueResult({ claims, issuer, region: provider.region });

  const signersAnswer = (location: Location, { signers }: SignersChanged): Promise<string> =>
    answer(location, { 'aas-policyCertificates': { keys: signers.map(certificateJwk) } });

  /** A token of the provider itself is the first step's; whatever else it is, it is judged as a policy. */
  async function policyIn(location: Location, type: EvidenceType, jwt: string): Promise<string> {
    if (!namesPrepared(jwt)) return jwt;
    const token = await ownToken(location, jwt);
    const prepared = token?.claims[PREPARED];
    if (prepared === undefined || !isJsonObject(prepared)) throw invalid('Token is expired.');
    const { tee, policy } = prepared;
    if (tee !== type || typeof policy !== 'string')
      throw invalid('The policy was prepared for another attestation type.');
    return policy;
  }

  return {
    policy: async ({ provider }, type) => policyJwsOf(provider, type),
    async prepare(location, type, jws) {
      const { tokenHash, signer } = await changes.judgePolicy(location, jws, OPTIONS);
      return answer(location, {
        ...hashClaims(tokenHash, signer),
        [PREPARED]: { tee: type, policy: jws },
      });
    },
    async set(location, type, jwt) {
      await changes.setPolicy(location, type, await policyIn(location, type, jwt), OPTIONS);
    },
    async reset(location, type, jws) {
      const { tokenHash, signer } = await changes.resetPolicy(location, type, jws);
      return answer(location, hashClaims(tokenHash, signer));
    },
    certificates: (location) =>
      answer(location, { 'aas-policyCertificates': signersOf(location.provider) }),
    addCertificate: async (location, jws) =>
      signersAnswer(location, await changes.addSigner(location, jws)),
    removeCertificate: async (location, jws) =>
      signersAnswer(location, await changes.removeSigner(location, jws)),
  };
}

/** Read, not believed: it only says how to judge the rest. */
function namesPrepared(jwt: string): boolean {
  try {
    return Object.hasOwn(jwtClaims(parseCompactJws(jwt, { allowUnsecured: true })), PREPARED);
  } catch {
    return false;
  }
}

const invalid = (message: string): AttestationError =>
  new AttestationError('ATTESTATION_STATEMENT_INVALID', message, { field: 'token' });

const hashClaims = (tokenHash: string, signer: DocumentSigner | undefined): JsonObject => ({
  'aas-policyHash': tokenHash,
  ...(signer && { 'aas-policySigningCertificate': signer.jwk }),
});
