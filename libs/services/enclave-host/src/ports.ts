import type { Collateral } from '@touchstone/collateral';
import type { ArchitecturalEnclaves, PckRequest } from '@touchstone/enclave';

/** What the host does for an enclave while one ECALL runs. */
export type Ocalls = Readonly<
  Record<string, (payload: Uint8Array, signal: AbortSignal) => Promise<Uint8Array>>
>;

/** A running enclave behind its boundary. Its failures are coded errors. */
export interface HostedEnclave {
  readonly ecalls: readonly string[];
  ecall(
    name: string,
    payload: Uint8Array,
    options: { readonly deadlineMilliseconds: number; readonly ocalls: Ocalls },
  ): Promise<Uint8Array>;
  terminate(): Promise<void>;
  /** Settles with the reason when the enclave has ended. */
  readonly ended: Promise<{ readonly code: string }>;
}

/** What the manifest grants an enclave beside its identity. */
export interface EnclaveLimits {
  readonly name: string;
  readonly heapMegabytes: number;
  readonly threads: number;
}

/** A measured and initialised enclave that has not been entered yet. */
export type EnclaveStarter = (limits: EnclaveLimits) => Promise<HostedEnclave>;

/** A processor as it leaves the factory. */
export interface ManufacturedProcessor {
  readonly model: string;
  /** 16 bytes, which the manufacturer keeps too. */
  readonly rootProvisioningKey: Uint8Array;
  /** 16 bytes. */
  readonly cpuSvn: Uint8Array;
  /** MRSIGNER (32 bytes) of the vendor's architectural enclaves. */
  readonly vendorMrSigner: Uint8Array;
  readonly architectural: ArchitecturalEnclaves;
}

export interface Manufacturer {
  make(model: string): Promise<ManufacturedProcessor>;
}

/** A PCK certificate as a caching service serves it. */
export interface ServedPckCertificate {
  /** PEM of the leaf. */
  readonly certificate: string;
  /** PEM, intermediate then root. */
  readonly issuerChain: string;
  /** CPUSVN (16 bytes) and PCE SVN (u16, little-endian) that the certificate is for: 36 hex digits. */
  readonly tcbm: string;
  /** 12 hex digits. */
  readonly fmspc: string;
  /** `processor` or `platform`. */
  readonly ca: string;
}

export interface PckSource {
  pckCertificate(request: PckRequest): Promise<ServedPckCertificate>;
}

/** What collateral is kept under. */
export interface PlatformName {
  /** 12 hex digits. */
  readonly fmspc: string;
  /** The CA that issued the PCK certificate. */
  readonly ca: 'processor' | 'platform';
}

/** Where the collateral comes from that enclaves need to judge others' evidence. */
export interface CollateralSource {
  collateral(platform: PlatformName): Promise<Collateral>;
}

export interface RuntimeData {
  readonly bytes: Uint8Array;
  readonly dataType: 'Binary' | 'JSON';
}

/** The attestation service. A refusal is a coded error that repeats it in a member `refusal`. */
export interface Attester {
  attest(
    provider: string,
    evidence: { readonly quote: Uint8Array; readonly runtimeData?: RuntimeData },
  ): Promise<{ readonly token: string; readonly requestId: string }>;
}

/** The key vault, called with this host's own credentials. A refusal is a coded error with a member `refusal`. */
export interface KeyReleaser {
  release(
    keyId: string,
    request: { readonly target: string; readonly nonce: string; readonly enc: string },
  ): Promise<{ readonly value: string; readonly requestId: string }>;
}

/** Blobs of a storage account. A refusal is a coded error with a member `refusal`. */
export interface Storage {
  /** The whole blob, of at most as many bytes as one message to an enclave may have. */
  download(blobUrl: string, signal: AbortSignal): Promise<Uint8Array>;
}
