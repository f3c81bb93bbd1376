import { RpcCallError, type EnclaveHostClient } from '@touchstone/enclave-rpc';
import type { Logger } from '@touchstone/ports';
import {
  AttestationError,
  teeUnavailable,
  type SignerEnclaves,
} from '@touchstone/service-attestation';

/** The image on the enclave host. */
export const SIGNER_IMAGE = 'token-signer';
/** Calls that one process has under way at a time: the image has 64 threads, for all replicas together. */
export const MAX_CONCURRENT_SIGNATURES = 16;
/** A key is made within seconds even on a busy machine. */
const BIRTH_MILLISECONDS = 20_000;
const SIGN_MILLISECONDS = 10_000;

/** What the host answers, or is answered for it, when the enclave is no more. */
const LOST: ReadonlySet<string> = new Set([
  'HOST_ENCLAVE_UNKNOWN',
  'ENCLAVE_TERMINATED',
  'ENCLAVE_CRASHED',
  'ENCLAVE_OUT_OF_MEMORY',
  'ENCLAVE_DEADLINE_EXCEEDED',
]);

type Host = Pick<EnclaveHostClient, 'loadEnclave' | 'callEnclave' | 'terminateEnclave'>;

/** Enclaves of the token signer on an enclave host. `host` is asked for when there is something to do, and may throw. */
export function remoteSigners(host: () => Host, logger: Logger): SignerEnclaves {
  const enter = turnstile(MAX_CONCURRENT_SIGNATURES);

  async function call(
    enclaveId: string,
    name: string,
    payload: Uint8Array,
    deadlineMilliseconds: number,
  ): Promise<Uint8Array> {
    const request = { enclaveId, name, payload, deadlineMilliseconds };
    return (await host().callEnclave(request, { deadlineMilliseconds })).payload;
  }

  const end = async (enclaveId: string): Promise<void> => {
    await host().terminateEnclave({ enclaveId });
  };

  return {
    async bear(controller) {
      try {
        const { id: enclaveId } = await host().loadEnclave({ image: SIGNER_IMAGE, debug: false });
        const birth = await call(enclaveId, 'bear', controller, BIRTH_MILLISECONDS).catch(
          async (error: unknown) => {
            await end(enclaveId).catch(() => undefined);
            throw error;
          },
        );
        logger.info('a signing key was born', { enclave: enclaveId });
        return { enclaveId, birth };
      } catch (error) {
        throw unavailable(error);
      }
    },
    async sign(enclaveId, data) {
      try {
        return await enter(() => call(enclaveId, 'sign', data, SIGN_MILLISECONDS));
      } catch (error) {
        if (!(error instanceof RpcCallError) || !LOST.has(error.code)) throw unavailable(error);
        logger.warn('the enclave of a signing key is gone', {
          enclave: enclaveId,
          code: error.code,
        });
        throw new AttestationError('ATTESTATION_KEY_LOST', 'the enclave is gone', { cause: error });
      }
    },
    end,
  };
}

const unavailable = (cause: unknown): unknown =>
  cause instanceof RpcCallError ? teeUnavailable(`the enclave host: ${cause.code}`, cause) : cause;

/** Lets so many in at a time; the others wait in line. */
function turnstile(places: number) {
  let taken = 0;
  const line: (() => void)[] = [];
  return async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (taken === places) await new Promise<void>((resolve) => line.push(resolve));
    else taken += 1;
    try {
      return await work();
    } finally {
      // The place goes to the next in line, if there is one.
      const next = line.shift();
      if (next) next();
      else taken -= 1;
    }
  };
}
