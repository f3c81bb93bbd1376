import type { HttpClient } from '@touchstone/http-client';
import { createMaaClient } from '@touchstone/maa-client';
import type { Attester } from '@touchstone/service-enclave-host';

/** The attestation providers, each at its own URL. */
export const createAttester = (http: HttpClient): Attester => ({
  attest: (provider, evidence) => createMaaClient({ endpoint: provider, http }).attestSgx(evidence),
});
