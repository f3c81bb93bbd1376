import { toHex } from '@touchstone/bytes';
import type { EnclaveImage, LoadOptions, Machine } from '@touchstone/enclave';
import type { EnclaveIdentity } from '@touchstone/platform';
import type { Clock, Logger, Random } from '@touchstone/ports';
import { AttributeFlag } from '@touchstone/quote';
import { EnclaveHostError } from './enclave-host-error';
import { EnclaveLog } from './enclave-log';
import type { EnclaveStarter, HostedEnclave } from './ports';

/** Enclaves that may run at a time. */
export const MAX_RUNNING_ENCLAVES = 16;
/** Ended enclaves that are still told of. */
export const MAX_ENDED_ENCLAVES = 32;

/** An enclave as a caller sees it. */
export interface EnclaveDescription {
  /** 16 hex digits. */
  readonly id: string;
  readonly name: string;
  readonly identity: EnclaveIdentity;
  readonly debug: boolean;
  readonly loadedAt: Date;
  /** Why it ended; absent while it runs. */
  readonly endCode?: string;
}

export interface RegistryOptions {
  readonly machine: Machine<EnclaveStarter>;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

interface Entry {
  description: EnclaveDescription;
  readonly hosted: HostedEnclave;
  readonly log: EnclaveLog;
}

const ID_BYTES = 8;
const PAGE_BYTES = 4096;
const MEBIBYTE = 1024 * 1024;
/** A JavaScript engine needs this much for itself, whatever the manifest says. */
const MIN_HEAP_MEGABYTES = 16;

/** The enclaves of this host: loaded, listed, ended. One that ends by itself takes nothing with it. */
export class EnclaveRegistry {
  readonly #options: RegistryOptions;
  readonly #entries = new Map<string, Entry>();
  #starting = 0;

  constructor(options: RegistryOptions) {
    this.#options = options;
  }

  /** @throws PlatformError as ECREATE and EINIT refuse it; HOST_ENCLAVES_FULL; the reason when it fails to start */
  async load(
    image: EnclaveImage,
    sigstruct: Uint8Array,
    options: LoadOptions,
  ): Promise<EnclaveDescription> {
    const running = [...this.#entries.values()].filter(({ description }) => !description.endCode);
    if (running.length + this.#starting >= MAX_RUNNING_ENCLAVES) {
      throw new EnclaveHostError(
        'HOST_ENCLAVES_FULL',
        'the machine has no room for another enclave',
      );
    }
    const { machine, clock, random, logger } = this.#options;
    this.#starting++;
    try {
      const { manifest } = image;
      const loaded = machine.load(image, sigstruct, options);
      const limits = {
        name: manifest.name,
        threads: manifest.threads,
        heapMegabytes: Math.max(
          MIN_HEAP_MEGABYTES,
          Math.ceil((manifest.heapPages * PAGE_BYTES) / MEBIBYTE),
        ),
      };
      const hosted = await loaded.running(limits).catch((error: unknown) => {
        loaded.remove();
        throw error;
      });
      const description: EnclaveDescription = {
        id: toHex(random.bytes(ID_BYTES)),
        name: manifest.name,
        identity: loaded.identity,
        debug: (loaded.identity.attributes.flags & AttributeFlag.DEBUG) !== 0n,
        loadedAt: clock.now(),
      };
      const log = new EnclaveLog(clock);
      const entry: Entry = { description, hosted, log };
      this.#entries.set(description.id, entry);
      log.add('loaded', description.name);
      logger.info('enclave loaded', logFields(description));
      void hosted.ended.then(({ code }) => {
        loaded.remove();
        entry.description = { ...description, endCode: code };
        log.add('ended', code);
        logger.info('enclave ended', { ...logFields(description), code });
        this.#forgetOldest();
      });
      return description;
    } finally {
      this.#starting--;
    }
  }

  list(): readonly EnclaveDescription[] {
    return [...this.#entries.values()].map(({ description }) => description);
  }

  /** Ended ones too: they answer every ECALL with the reason of their end. @throws HOST_ENCLAVE_UNKNOWN */
  hosted(id: string): HostedEnclave {
    return this.#entry(id).hosted;
  }

  /** @throws HOST_ENCLAVE_UNKNOWN */
  log(id: string): EnclaveLog {
    return this.#entry(id).log;
  }

  async terminate(id: string): Promise<EnclaveDescription> {
    const entry = this.#entry(id);
    await entry.hosted.terminate();
    await entry.hosted.ended;
    return entry.description;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#entries.values()].map(({ hosted }) => hosted.terminate()));
  }

  #entry(id: string): Entry {
    const entry = this.#entries.get(id);
    if (entry !== undefined) return entry;
    throw new EnclaveHostError('HOST_ENCLAVE_UNKNOWN', 'there is no such enclave', {
      field: 'enclave_id',
    });
  }

  #forgetOldest(): void {
    const ended = [...this.#entries].filter(
      ([, { description }]) => description.endCode !== undefined,
    );
    for (const [id] of ended.slice(0, -MAX_ENDED_ENCLAVES)) this.#entries.delete(id);
  }
}

const logFields = ({ id, name, identity, debug }: EnclaveDescription) => ({
  enclave: id,
  name,
  mrEnclave: toHex(identity.mrEnclave),
  mrSigner: toHex(identity.mrSigner),
  debug,
});
