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
}

/** Where the simulated Intel leaves the token. */
const TOKEN_FILE = 'manufacturing-token';
const CREATED = 201;
const MAX_ANSWER_BYTES = 1024 * 1024;

/** The factory of the simulated Intel: `POST /manufacturing/processors`. */
export const createManufacturer = ({
  url,
  token,
  home,
  http,
}: ManufacturerOptions): Manufacturer => ({
  make: async (model) => {
    const { status, body } = await http.request({
      method: 'POST',
      url: `${url.replace(/\/+$/, '')}/manufacturing/processors`,
      headers: {
        authorization: `Bearer ${token ?? (await tokenIn(home))}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ model }),
      maxBodyBytes: MAX_ANSWER_BYTES,
    });
    if (status !== CREATED) {
      throw new ManufacturingError('MANUFACTURING_FAILED', `the factory answered ${status}`);
    }
    return processorOf(body);
  },
});

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
