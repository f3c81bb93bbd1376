import type { JsonObject } from '@touchstone/claims';
import { parseCertificate } from '@touchstone/pki';
import { certificateJwk, certificateThumbprint } from '@touchstone/policy-document';
import type { EvidenceType } from './evidence';
import type { ProviderChanges, SignersChanged } from './provider-changes';
import type { Location, Provider } from './providers';
import { policyJwsOf } from './stored-policy';
import type { ResultIssuer } from './token-issuer';

/** What the owner of a provider may do with it, since 2020-10-01. Each answer is a token of the provider. */
export interface ProviderOwner {
  policy(location: Location, type: EvidenceType): Promise<string>;
  setPolicy(location: Location, type: EvidenceType, jws: string): Promise<string>;
  resetPolicy(location: Location, type: EvidenceType, jws: string): Promise<string>;
  certificates(location: Location): Promise<string>;
  addCertificate(location: Location, jws: string): Promise<string>;
  removeCertificate(location: Location, jws: string): Promise<string>;
}

export interface ProviderOwnerDeps {
  readonly changes: ProviderChanges;
  readonly issueResult: ResultIssuer;
}

export function createProviderOwner({ changes, issueResult }: ProviderOwnerDeps): ProviderOwner {
  const answer = ({ issuer, provider }: Location, claims: JsonObject): Promise<string> =>
    issueResult({ claims, issuer, region: provider.region });

  const signersAnswer = (
    location: Location,
    result: 'IsPresent' | 'IsAbsent',
    { certificate, signers }: SignersChanged,
  ): Promise<string> =>
    answer(location, {
      'x-ms-certificate-thumbprint': certificateThumbprint(certificate),
      'x-ms-policycertificates-result': result,
      'x-ms-policy-certificates': { keys: signers.map(certificateJwk) },
    });

  return {
    policy: (location, type) =>
      answer(location, { 'x-ms-policy': policyJwsOf(location.provider, type) }),
    async setPolicy(location, type, jws) {
      const { tokenHash, signer } = await changes.setPolicy(location, type, jws);
      return answer(location, {
        'x-ms-policy-result': 'Updated',
        'x-ms-policy-token-hash': tokenHash,
        ...(signer && { 'x-ms-policy-signer': signer.jwk }),
      });
    },
    async resetPolicy(location, type, jws) {
      await changes.resetPolicy(location, type, jws);
      return answer(location, { 'x-ms-policy-result': 'Removed' });
    },
    certificates: (location) =>
      answer(location, { 'x-ms-policy-certificates': signersOf(location.provider) }),
    addCertificate: async (location, jws) =>
      signersAnswer(location, 'IsPresent', await changes.addSigner(location, jws)),
    removeCertificate: async (location, jws) =>
      signersAnswer(location, 'IsAbsent', await changes.removeSigner(location, jws)),
  };
}

/** The signers of a provider in the form of the live service. */
export const signersOf = ({ record }: Provider): JsonObject => ({
  keys: (record?.signers ?? []).map((der) => certificateJwk(parseCertificate(der))),
});
