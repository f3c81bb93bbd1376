import { equal } from '@touchstone/bytes';
import type { EnclaveIdentity, EnclaveInstructions, EnclaveMemory } from '@touchstone/platform';
import { AttributeFlag } from '@touchstone/quote';
import { EnclaveError } from '../enclave-error';
import { codeOf } from '../image/image';
import { parseBundle } from './bundle';
import { startLaunchEnclave, type LaunchEnclave } from './launch-enclave';
import {
  startProvisioningCertificationEnclave,
  type ProvisioningCertificationEnclave,
} from './provisioning-certification-enclave';
import { startQuotingEnclave, type QuotingEnclave } from './quoting-enclave';

export type RunningArchitectural =
  | { readonly kind: 'qe'; readonly qe: QuotingEnclave }
  | { readonly kind: 'pce'; readonly pce: ProvisioningCertificationEnclave }
  | { readonly kind: 'launch'; readonly launchEnclave: LaunchEnclave };

/** A machine gives these keys to no application, so this tells whose logic it is. */
export const isArchitectural = ({ attributes }: EnclaveIdentity): boolean =>
  (attributes.flags & (AttributeFlag.PROVISION_KEY | AttributeFlag.EINITTOKEN_KEY)) !== 0n;

/** The module that the measured bytes name. @throws EnclaveError ENCLAVE_NOT_ARCHITECTURAL */
export function startArchitectural(
  memory: EnclaveMemory,
  instructions: EnclaveInstructions,
  vendorMrSigner: Uint8Array,
): RunningArchitectural {
  const bundle = parseBundle(codeOf(memory));
  if (bundle.role === 'launch-enclave') {
    const launchEnclave = startLaunchEnclave(instructions, bundle.listed ?? []);
    return { kind: 'launch', launchEnclave };
  }
  if (!equal(memory.identity.mrSigner, vendorMrSigner)) throw notArchitectural();
  return bundle.role === 'quoting-enclave'
    ? { kind: 'qe', qe: startQuotingEnclave(instructions, bundle) }
    : { kind: 'pce', pce: startProvisioningCertificationEnclave(instructions) };
}

export function notArchitectural(): EnclaveError {
  return new EnclaveError('ENCLAVE_NOT_ARCHITECTURAL', 'not the enclave that belongs here', {
    field: 'role',
  });
}
