import { activatePolicy } from '@touchstone/appraisal';
import { parseCertificate, type Certificate } from '@touchstone/pki';
import {
  addSigner,
  openPolicyDocument,
  openResetDocument,
  openSignerChange,
  removeSigner,
  type DocumentTrust,
  type OpenPolicyOptions,
  type OpenedDocument,
  type PolicyDocument,
} from '@touchstone/policy-document';
import type { AttestationProviderRecord, AttestationProviderStore, Clock } from '@touchstone/ports';
import { AttestationError } from './attestation-error';
import { opened } from './document-refusal';
import type { EvidenceType } from './evidence';
import type { Location } from './providers';
import { asAttestationError } from './refusal';

/** Policy signing certificates of one provider. */
export const MAX_SIGNERS = 100;
/** How often a change is tried anew when others came between. */
const MAX_ATTEMPTS = 10;

export interface SignersChanged {
  readonly certificate: Certificate;
  /** All of them, as they are now. */
  readonly signers: readonly Certificate[];
}

/**
 * What can be changed of a provider, whichever dialect asks. Documents are taken as they came: their bytes are hashed and
 * kept.
 *
 * @throws AttestationError ATTESTATION_STATEMENT_*, ATTESTATION_POLICY_SYNTAX, ATTESTATION_OPERATION_DISALLOWED, ATTESTATION_CONFLICT
 */
export interface ProviderChanges {
  /** Whether `setPolicy` would take the document; nothing is changed. */
  judgePolicy(
    location: Location,
    jws: string,
    options?: OpenPolicyOptions,
  ): Promise<PolicyDocument>;
  setPolicy(
    location: Location,
    type: EvidenceType,
    jws: string,
    options?: OpenPolicyOptions,
  ): Promise<PolicyDocument>;
  resetPolicy(location: Location, type: EvidenceType, jws: string): Promise<OpenedDocument>;
  addSigner(location: Location, jws: string): Promise<SignersChanged>;
  removeSigner(location: Location, jws: string): Promise<SignersChanged>;
}

export interface ProviderChangesDeps {
  readonly store: AttestationProviderStore;
  readonly clock: Clock;
}

/** A change, and what there is to say of it. */
interface Judged<Result> {
  readonly changes: Partial<AttestationProviderRecord>;
  readonly result: Result;
}

export function createProviderChanges({ store, clock }: ProviderChangesDeps): ProviderChanges {
  const trustOf = (record: AttestationProviderRecord): DocumentTrust =>
    record.trustModel === 'AAD'
      ? { model: 'aad' }
      : { model: 'isolated', signers: record.signers.map(parseCertificate), at: clock.now() };

  /** Judged anew on whatever stands there: a signer that was just removed signs nothing more. */
  async function change<Result>(
    { provider }: Location,
    judge: (record: AttestationProviderRecord) => Judged<Result>,
  ): Promise<Result> {
    const { id } = ownRecord(provider);
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const record = await store.find(provider.name);
      if (record?.id !== id) break;
      const { changes, result } = judge(record);
      if ((await store.replace({ ...record, ...changes })) === 'replaced') return result;
    }
    throw new AttestationError('ATTESTATION_CONFLICT', 'The provider was changed by another.');
  }

  function judged(
    record: AttestationProviderRecord,
    jws: string,
    options?: OpenPolicyOptions,
  ): PolicyDocument {
    const trust = trustOf(record);
    const document = opened(jws, trust, () => openPolicyDocument(jws, trust, options));
    assertPolicy(document.text);
    return document;
  }

  const changeSigners = (location: Location, jws: string, edit: typeof addSigner) =>
    change<SignersChanged>(location, (record) => {
      const trust = trustOf(record);
      if (trust.model !== 'isolated') throw disallowed('The operation is disallowed.');
      const { certificate } = opened(jws, trust, () => openSignerChange(jws, trust));
      const signers = opened(jws, trust, () => edit(trust.signers, certificate));
      if (signers.length > MAX_SIGNERS) throw disallowed('The provider has too many signers.');
      return {
        changes: { signers: signers.map(({ der }) => der) },
        result: { certificate, signers },
      };
    });

  return {
    judgePolicy: async ({ provider }, jws, options) => judged(ownRecord(provider), jws, options),
    setPolicy: (location, type, jws, options) =>
      change(location, (record) => ({
        result: judged(record, jws, options),
        changes: { policies: { ...record.policies, [type]: jws } },
      })),
    resetPolicy: (location, type, jws) =>
      change(location, (record) => {
        const trust = trustOf(record);
        return {
          result: opened(jws, trust, () => openResetDocument(jws, trust)),
          changes: { policies: without(record.policies, type) },
        };
      }),
    addSigner: (location, jws) => changeSigners(location, jws, addSigner),
    removeSigner: (location, jws) => changeSigners(location, jws, removeSigner),
  };
}

function ownRecord({ record }: Location['provider']): AttestationProviderRecord {
  if (record) return record;
  throw disallowed('The policies of a shared provider cannot be changed.');
}

const without = (
  policies: AttestationProviderRecord['policies'],
  type: EvidenceType,
): AttestationProviderRecord['policies'] =>
  Object.fromEntries(Object.entries(policies).filter(([name]) => name !== type));

function assertPolicy(text: string): void {
  try {
    activatePolicy(text);
  } catch (error) {
    throw asAttestationError(error) ?? error;
  }
}

const disallowed = (message: string): AttestationError =>
  new AttestationError('ATTESTATION_OPERATION_DISALLOWED', message);
