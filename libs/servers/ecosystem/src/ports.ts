/** Ports on which the services stand when nothing else is said. */
export const LOCAL_PORTS = {
  'attestation-service': 7010,
  'key-vault': 7020,
  'intel-pcs': 7030,
  'pck-cache': 8081,
  'enclave-host': 5000,
  identity: 7001,
} as const;

export type EcosystemService = keyof typeof LOCAL_PORTS;

/** `ephemeral`: each service takes a free port, so that many ecosystems run beside each other. */
export type PortChoice = 'local' | 'ephemeral';

export const portOf = (service: EcosystemService, choice: PortChoice): number =>
  choice === 'local' ? LOCAL_PORTS[service] : 0;
