import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { createAuthority, MODEL_E3 } from '@touchstone/authority';
import { createMachine, publishArchitecturalEnclaves } from '@touchstone/enclave';
import type { ApplicationStart, Machine } from '@touchstone/enclave';
import type { Clock, Logger, Random } from '@touchstone/ports';
import type {
  EnclaveStarter,
  HostedEnclave,
  ManufacturedProcessor,
  Ocalls,
  ServedPckCertificate,
} from '../ports';

export const NOW = new Date('2026-06-01T00:00:00Z');
export const clock: Clock = { now: () => NOW };
export const random: Random = { bytes: (length) => new Uint8Array(randomBytes(length)) };

export const logger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => logger,
};

/** An RSA-3072 private key, PKCS#8 DER. */
export function rsaKey(publicExponent: 3 | 65537): Uint8Array {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 3072, publicExponent });
  return new Uint8Array(privateKey.export({ format: 'der', type: 'pkcs8' }));
}

const authority = createAuthority({
  random,
  at: new Date('2026-01-01T00:00:00Z'),
  rsaKeys: { ppidEncryption: rsaKey(65537), enclaveSigning: rsaKey(3) },
});

const made = authority.manufacture(random, { model: MODEL_E3.name, at: NOW });

export const processor: ManufacturedProcessor = {
  model: made.model.name,
  rootProvisioningKey: made.platform.rootProvisioningKey,
  cpuSvn: made.cpuSvn,
  vendorMrSigner: authority.mrSigner,
  architectural: publishArchitecturalEnclaves({
    ppidKeys: {
      rsa3072: new Uint8Array(
        createPublicKey(authority.ppid.publicKeyPem).export({ type: 'spki', format: 'der' }),
      ),
    },
    sign: (enclave, mrEnclave) => authority.signEnclave({ enclave, mrEnclave }, NOW),
  }),
};

/** What a caching service would serve for that processor. */
export function servedCertificate(at = NOW): ServedPckCertificate {
  const { pem, tcbm } = authority.pckCertificate(made.platform, made.tcb, at);
  return {
    certificate: pem,
    issuerChain: authority.pckIssuerChain('processor', at),
    tcbm,
    fmspc: made.model.fmspc,
    ca: 'processor',
  };
}

export type Ecalls = Readonly<
  Record<string, (payload: Uint8Array, ocalls: Ocalls) => Promise<Uint8Array>>
>;

/** A machine whose applications are written in the test: they get the instructions, and run in this thread. */
export function aMachine(ecallsOf: (start: ApplicationStart) => Ecalls): Machine<EnclaveStarter> {
  return createMachine<EnclaveStarter>({
    ...processor,
    rootSealKey: random.bytes(16),
    ownerEpoch: new Uint8Array(16),
    random,
    startApplication: (start) => async () => hosted(ecallsOf(start)),
  });
}

function hosted(ecalls: Ecalls): HostedEnclave {
  let end: (reason: { code: string }) => void = () => undefined;
  const ended = new Promise<{ code: string }>((resolve) => (end = resolve));
  return {
    ecalls: Object.keys(ecalls),
    ecall: async (name, payload, { ocalls }) => {
      const ecall = ecalls[name];
      if (ecall === undefined) throw new Error('no such ECALL');
      return ecall(payload, ocalls);
    },
    terminate: async () => end({ code: 'ENCLAVE_TERMINATED' }),
    ended,
  };
}
