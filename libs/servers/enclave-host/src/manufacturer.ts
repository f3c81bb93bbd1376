import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fromHex, toUtf8 } from '@touchstone/bytes';
import { signedEnclaveFromJson } from '@touchstone/enclave';
import { CodedError } from '@touchstone/errors';
import type { HttpClient } from '@touchstone/http-client';
import type { ManufacturedProcessor, Manufacturer } from '@touchstone/service-enclave-host';

/** The factory refused to make a processor, or its answer is none. */
export class ManufacturingError extends CodedError<'MANUFACTURING_FAILED'> {}

export interface ManufacturerOptions {
  /** Base URL of the simulated Intel services. */
  readonly url: string;
  /** Bearer token of its factory; read from the state folder that both share when absent. */
  readonly token?: string;
  /** State folder. */
  readonly home: string;
  readonly http: HttpClient;
  /** Which of the model's certified TCBs the processor gets; the newest unless given. */
  readonly tcb?: ProcessorTcb;
}

/** `oldest`: as it left the factory, and never got a security update. */
export type ProcessorTcb = 'newest' | 'oldest';

/** Where the simulated Intel leaves the token. */
const TOKEN_FILE = 'manufacturing-token';
const OK = 200;
const CREATED = 201;
const MAX_ANSWER_BYTES = 1024 * 1024;

/** The factory of the simulated Intel: `POST /manufacturing/processors`. */
export const createManufacturer = (options: ManufacturerOptions): Manufacturer => ({
  make: async (model) => {
    const order = {
      model,
      ...(options.tcb === 'oldest' && { tcb: await oldestTcb(options, model) }),
    };
    const { status, body } = await ask(options, 'POST', 'processors', JSON.stringify(order));
    if (status !== CREATED) {
      throw new ManufacturingError('MANUFACTURING_FAILED', `the factory answered ${status}`);
    }
    return processorOf(body);
  },
});

/** The last of the certified TCBs of the model, which `GET /manufacturing/models` lists highest first. */
async function oldestTcb(options: ManufacturerOptions, model: string): Promise<unknown> {
  const { status, body } = await ask(options, 'GET', 'models');
  const oldest = status === OK ? tcbsIn(body, model).at(-1) : undefined;
  if (oldest !== undefined) return oldest;
  throw new ManufacturingError('MANUFACTURING_FAILED', `the factory knows no TCB of ${model}`);
}

function tcbsIn(body: Uint8Array, model: string): readonly unknown[] {
  try {
    const models = JSON.parse(toUtf8(body)) as { model: string; tcbs: unknown[] }[];
    return models.find((one) => one.model === model)?.tcbs ?? [];
  } catch {
    return [];
  }
}

async function ask(
  { url, token, home, http }: ManufacturerOptions,
  method: 'GET' | 'POST',
  path: string,
  body?: string,
) {
  return http.request({
    method,
    url: `${url.replace(/\/+$/, '')}/manufacturing/${path}`,
    headers: {
      authorization: `Bearer ${token ?? (await tokenIn(home))}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body }),
    maxBodyBytes: MAX_ANSWER_BYTES,
  });
}

async function tokenIn(home: string): Promise<string> {
  try {
    return (await readFile(path.join(home, TOKEN_FILE), 'utf8')).trim();
  } catch (cause) {
    throw new ManufacturingError(
      'MANUFACTURING_FAILED',
      "the factory's token is not in the state folder",
      {
        field: TOKEN_FILE,
        cause,
      },
    );
  }
}

function processorOf(body: Uint8Array): ManufacturedProcessor {
  try {
    const answer = JSON.parse(toUtf8(body)) as Record<string, unknown>;
    const hex = (name: string): Uint8Array => fromHex(String(answer[name]), name);
    const enclaves = answer['enclaves'] as Record<string, unknown>;
    return {
      model: String(answer['model']),
      rootProvisioningKey: hex('rootProvisioningKey'),
      cpuSvn: hex('cpuSvn'),
      vendorMrSigner: hex('vendorMrSigner'),
      architectural: {
        qe: signedEnclaveFromJson(enclaves['qe']),
        pce: signedEnclaveFromJson(enclaves['pce']),
      },
    };
  } catch {
    // Without the cause, which could quote a key.
    throw new ManufacturingError('MANUFACTURING_FAILED', 'the factory answered with no processor');
  }
}
