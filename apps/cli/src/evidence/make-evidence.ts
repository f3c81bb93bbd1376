import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fromUtf8 } from '@touchstone/bytes';
import { createImage, manifestToJson, parseManifest, signEnclave } from '@touchstone/enclave';
import {
  createEnclaveHostClient,
  type EnclaveBundle,
  type EnclaveHostClient,
  type EnclaveSummary,
} from '@touchstone/enclave-rpc';
import { encodeOeReport } from '@touchstone/quote';
import { systemRandom } from '@touchstone/runtime';
import { openAuthorKey } from '@touchstone/server-enclave-host';
import { readEndpoints } from '../home';

export const EVIDENCE_FORMATS = ['sgx-quote', 'oe-report'] as const;
export type EvidenceFormat = (typeof EVIDENCE_FORMATS)[number];

export interface EvidenceOrder {
  /** State folder of the running ecosystem. */
  readonly home: string;
  /** Folder of the built enclaves. */
  readonly enclavesFolder: string;
  readonly format: EvidenceFormat;
  readonly runtimeData: Uint8Array;
  readonly productId: number;
  readonly svn: number;
  readonly debug: boolean;
}

export interface MadeEvidence {
  readonly evidence: Uint8Array;
  /** 32 bytes each. */
  readonly mrEnclave: Uint8Array;
  readonly mrSigner: Uint8Array;
}

const ENCLAVE = 'notary';

/**
 * Evidence of the ecosystem's own machine: the notary enclave, signed with the asked product id and SVN by the enclave author
 * of the state folder, hashes the runtime data inside and is quoted. Throws HOME_NOT_RUNNING, RpcCallError.
 */
export async function makeEvidence(order: EvidenceOrder): Promise<MadeEvidence> {
  const endpoints = await readEndpoints(order.home);
  const ca = await readFile(endpoints.ca, 'utf8');
  const host = createEnclaveHostClient({ url: endpoints.services['enclave-host'] ?? '', ca });
  try {
    const bundle = await signedNotary(order, host);
    const enclave = await host.loadEnclave({ bundle, debug: order.debug });
    return await notarised(order, host, enclave);
  } finally {
    host.close();
  }
}

async function notarised(
  { runtimeData: payload, format }: EvidenceOrder,
  host: EnclaveHostClient,
  { id: enclaveId, mrEnclave, mrSigner }: EnclaveSummary,
): Promise<MadeEvidence> {
  try {
    const call = { enclaveId, name: 'quote', payload, deadlineMilliseconds: 0 };
    const { payload: quote } = await host.callEnclave(call);
    const evidence = format === 'sgx-quote' ? quote : encodeOeReport(quote);
    return { evidence, mrEnclave, mrSigner };
  } finally {
    await host.terminateEnclave({ enclaveId });
  }
}

async function signedNotary(
  { home, enclavesFolder, productId, svn }: EvidenceOrder,
  host: EnclaveHostClient,
): Promise<EnclaveBundle> {
  const folder = path.join(enclavesFolder, ENCLAVE);
  const code = new Uint8Array(await readFile(path.join(folder, 'enclave.js')));
  const published = parseManifest(await readFile(path.join(folder, 'enclave.json'), 'utf8'));
  const manifest = { ...published, productId, svn };
  // The host makes the author's key when it is first asked what it can load.
  await host.getPlatformInfo({});
  const authorKey = await openAuthorKey({ home, random: systemRandom });
  return {
    name: manifest.name,
    code,
    manifest: fromUtf8(manifestToJson(manifest)),
    sigstruct: signEnclave(createImage(manifest, code), authorKey, new Date()),
  };
}
