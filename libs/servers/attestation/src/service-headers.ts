import { attestation } from '@touchstone/wire';

/** What the live service calls its server. */
const SERVER_NAME = 'Kestrel';
/** A number in the form of Azure's builds; ours. */
export const SERVICE_VERSION = '0.1.00000.0001';

/** Names and values in turn: what every answer of the data plane carries. */
export const SERVICE_HEADERS: readonly string[] = [
  'server',
  SERVER_NAME,
  attestation.AnswerHeader.serviceVersion,
  SERVICE_VERSION,
];
