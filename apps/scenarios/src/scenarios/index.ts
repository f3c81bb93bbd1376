import type { Scenario } from '../frame/scenario';
import { AZURE_ATTESTATION } from './azure-attestation/scenario';
import { HOSPITALS } from './hospitals/scenario';
import { LOCAL_ENCLAVES } from './local-enclaves/scenario';
import { REMOTE_ENCLAVES } from './remote-enclaves/scenario';

/** In the order of the help text. */
export const SCENARIOS: readonly Scenario[] = [
  LOCAL_ENCLAVES,
  REMOTE_ENCLAVES,
  AZURE_ATTESTATION,
  HOSPITALS,
];
