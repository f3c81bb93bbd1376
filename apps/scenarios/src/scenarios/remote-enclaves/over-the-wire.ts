import { createSecretSharingClient, type SecretSharingClient } from '@touchstone/enclave-rpc';
import type { Party } from '../../exchange/party';
import { asked } from '../../frame/refused';

/** B as its peer's host application reaches it: by the guide's own service, and nothing else for the exchange of keys. */
export function overTheWire(b: Party, ca: string): { party: Party; client: SecretSharingClient } {
  const { enclaveId, name } = b;
  const client = createSecretSharingClient({
    url: b.machine.url,
    ca,
    variant: 'remote',
    enclaveId,
  });
  const party: Party = {
    ...b,
    attest: async ({ challenge }) => {
      const { key, report } = await asked(name, client.getAttestation('ATTESTATION', challenge));
      return { kind: 'PEM', key: key ?? new Uint8Array(), report: report ?? new Uint8Array() };
    },
    verify: async ({ report, key }) => {
      const { ok, msg } = await asked(name, client.verifyAttestation('SYNC_SYM', report, key));
      return { ok, msg };
    },
  };
  return { party, client };
}
