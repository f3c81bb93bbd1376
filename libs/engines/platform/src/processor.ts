import type { Random } from '@touchstone/ports';
import { AttributeFlag } from '@touchstone/quote';
import { egetkey } from './egetkey';
import { einit } from './einit';
import { EnclavePageCache } from './enclave-page-cache';
import { ereport } from './ereport';
import { checkLaunch, type LaunchControl } from './launch-control';
import { PlatformError } from './platform-error';
import type { EnclaveLayout } from './pages';
import { createCore, type ProcessorCore } from './processor-core';
import { checkSecs, copyIdentity, type EnclaveIdentity, type SecsRequest } from './secs';

/**
 * The instructions that code inside of one enclave has, bound to that enclave's SECS. Whoever holds this object acts as the
 * enclave, so the processor hands it to nobody but the code that it measured.
 */
export interface EnclaveInstructions {
  /** TARGETINFO (512 bytes) and REPORTDATA (64 bytes) to a REPORT (432 bytes). */
  ereport(targetInfo: Uint8Array, reportData: Uint8Array): Uint8Array;
  /** KEYREQUEST (512 bytes) to a key (16 bytes). */
  egetkey(keyRequest: Uint8Array): Uint8Array;
  /** RDRAND. */
  random(length: number): Uint8Array;
}

/** The pages of one enclave as they were measured: what the execution unit runs. */
export interface EnclaveMemory {
  readonly identity: EnclaveIdentity;
  /** A copy of `length` bytes from `offset`; zeros where no page was added. @throws PlatformError SGX_GP outside of the enclave */
  read(offset: number, length: number): Uint8Array;
}

/** Runs an initialised enclave's memory with its instructions; part of the processor, so given when that is made. */
export type ExecutionUnit<Running> = (
  memory: EnclaveMemory,
  instructions: EnclaveInstructions,
) => Running;

export interface ProcessorOptions<Running> {
  /** 16 bytes; the manufacturer keeps a copy. */
  readonly rootProvisioningKey: Uint8Array;
  /** 16 bytes; nobody keeps a copy. */
  readonly rootSealKey: Uint8Array;
  /** 16 bytes: the security version of microcode and its companions. */
  readonly cpuSvn: Uint8Array;
  /** 16 bytes that the machine's owner may change to make every seal key anew. */
  readonly ownerEpoch: Uint8Array;
  readonly launchControl: LaunchControl;
  readonly random: Random;
  readonly execute: ExecutionUnit<Running>;
}

export interface LoadRequest extends SecsRequest {
  readonly layout: EnclaveLayout;
  /** 1808 bytes. */
  readonly sigstruct: Uint8Array;
  /** 304 bytes; where launch control asks for one. */
  readonly einitToken?: Uint8Array;
}

/** A running enclave as the host sees it. */
export interface LoadedEnclave<Running> {
  /** What anybody may know; a copy. */
  readonly identity: EnclaveIdentity;
  /** What the execution unit made of it: its entry points. */
  readonly running: Running;
  /** EDBGRD: memory of a debug enclave. @throws PlatformError SGX_GP for a production enclave */
  debugRead(offset: number, length: number): Uint8Array;
  /** EREMOVE: its instructions answer SGX_ENCLAVE_LOST from now on. */
  remove(): void;
}

export interface Processor<Running> {
  /** 16 bytes; a copy. */
  readonly cpuSvn: Uint8Array;
  /** ECREATE, EADD and EEXTEND of every page, EINIT, and the first entry. @throws PlatformError */
  load(request: LoadRequest): LoadedEnclave<Running>;
}

const REPORT_KEY_ID_BYTES = 32;
const LAUNCH_KEY_HASH_BYTES = 32;

/** Powers up a processor. One with the same fuses later is the same processor after a power cycle. */
export function createProcessor<Running>(options: ProcessorOptions<Running>): Processor<Running> {
  const { rootProvisioningKey, rootSealKey, cpuSvn, ownerEpoch, random, execute } = options;
  const core = createCore({
    fuses: { rootProvisioningKey, rootSealKey },
    cpuSvn,
    ownerEpoch,
    reportKeyId: random.bytes(REPORT_KEY_ID_BYTES),
  });
  const launchControl = copyLaunchControl(options.launchControl);
  return {
    get cpuSvn() {
      return core.cpuSvn.slice();
    },
    load(request) {
      const secs = checkSecs(request);
      const memory = new EnclavePageCache(request.layout);
      const identity = einit(secs, memory.mrEnclave, request.sigstruct);
      checkLaunch(core, identity, launchControl, request.einitToken);
      const life = { lost: false };
      const running = execute(
        { identity: copyIdentity(identity), read: (offset, length) => memory.read(offset, length) },
        instructionsOf(core, identity, random, life),
      );
      return handleOf(identity, memory, running, life);
    },
  };
}

function copyLaunchControl({ launchKeyHash, privilegedSigners }: LaunchControl): LaunchControl {
  if (launchKeyHash !== undefined && launchKeyHash.length !== LAUNCH_KEY_HASH_BYTES) {
    throw new PlatformError('SGX_INVALID_FUSES', 'the launch key hash is 32 bytes', {
      field: 'launchKeyHash',
    });
  }
  return {
    privilegedSigners: privilegedSigners.map((signer) => signer.slice()),
    ...(launchKeyHash && { launchKeyHash: launchKeyHash.slice() }),
  };
}

interface Life {
  lost: boolean;
}

function instructionsOf(
  core: ProcessorCore,
  identity: EnclaveIdentity,
  random: Random,
  life: Life,
): EnclaveInstructions {
  const alive = <T>(instruction: () => T): T => {
    if (life.lost) throw new PlatformError('SGX_ENCLAVE_LOST', 'the enclave was removed');
    return instruction();
  };
  return Object.freeze({
    ereport: (targetInfo: Uint8Array, reportData: Uint8Array) =>
      alive(() => ereport(core, identity, targetInfo, reportData)),
    egetkey: (keyRequest: Uint8Array) => alive(() => egetkey(core, identity, keyRequest)),
    random: (length: number) => alive(() => random.bytes(length)),
  });
}

function handleOf<Running>(
  identity: EnclaveIdentity,
  memory: EnclavePageCache,
  running: Running,
  life: Life,
): LoadedEnclave<Running> {
  return Object.freeze({
    identity: copyIdentity(identity),
    running,
    debugRead(offset: number, length: number) {
      if ((identity.attributes.flags & AttributeFlag.DEBUG) === 0n) {
        throw new PlatformError('SGX_GP', 'a production enclave cannot be read', {
          field: 'EDBGRD',
        });
      }
      return memory.read(offset, length);
    },
    remove() {
      life.lost = true;
    },
  });
}
