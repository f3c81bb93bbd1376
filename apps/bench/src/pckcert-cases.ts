import { constants, publicEncrypt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fromHex, toHex } from '@touchstone/bytes';
import { createHttpClient, type HttpClient } from '@touchstone/http-client';
import { CONNECTIONS, type LoadCase } from './load-case';
import { JSON_TYPE, httpRequest } from './request-file';
import type { Stand } from './stand';

/** Which all platforms of this vendor share, and what stands for the quoting enclave of a platform. */
const PCE_ID = '0000';
const TOKEN_FILE = 'manufacturing-token';
/** How many platforms are made at once. */
const LANES = 4;

/** The members of the factory's answer that a platform asks its cache with. */
interface NewProcessor {
  readonly ppid: string;
  readonly cpuSvn: string;
  readonly pceSvn: number;
  /** PEM. */
  readonly ppidEncryptionKey: string;
}

const pckCert = (name: string, platforms: number): LoadCase => ({
  name,
  role: 'pck-cache',
  file: `pckcert-${platforms}`,
  requests: (stand) => knownPlatforms(stand, platforms),
  connections: CONNECTIONS,
  note: `cached, ${platforms} platform${platforms === 1 ? '' : 's'}, ${CONNECTIONS} connections`,
});

/** In the order in which they grow. */
export const PCKCERT_CASES: readonly LoadCase[] = [
  pckCert('pccs.pckcert', 1),
  pckCert('pccs.pckcert.p100', 100),
  pckCert('pccs.pckcert.p1000', 1000),
];

/** What new platforms ask for, each asked once, so that the cache has it. */
async function knownPlatforms(stand: Stand, count: number): Promise<readonly Buffer[]> {
  const http = createHttpClient({ ca: stand.caPem });
  const requests: Buffer[] = [];
  let begun = 0;
  const fill = async (): Promise<void> => {
    while (begun < count) {
      const number = begun++;
      const url = pckCertUrl(stand, await makeProcessor(stand, http), number);
      requests.push(httpRequest('GET', url));
      const { status } = await http.request({ method: 'GET', url: url.href });
      if (status !== 200) throw new Error(`${url.href} answered ${status}`);
    }
  };
  try {
    await Promise.all(Array.from({ length: LANES }, fill));
    return requests;
  } finally {
    await http.close();
  }
}

async function makeProcessor(stand: Stand, http: HttpClient): Promise<NewProcessor> {
  const token = (await readFile(path.join(stand.home, TOKEN_FILE), 'utf8')).trim();
  const { status, body } = await http.request({
    method: 'POST',
    url: `${stand.service('intel-pcs').url}/manufacturing/processors`,
    headers: { ...JSON_TYPE, authorization: `Bearer ${token}` },
    body: JSON.stringify({ model: stand.platform.model.name }),
    maxBodyBytes: 1024 * 1024,
  });
  if (status !== 201) throw new Error(`the factory answered ${status}`);
  return JSON.parse(Buffer.from(body).toString()) as NewProcessor;
}

function pckCertUrl(stand: Stand, made: NewProcessor, number: number): URL {
  const { ppid, cpuSvn, pceSvn, ppidEncryptionKey: key } = made;
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  const encrypted = publicEncrypt({ key, padding, oaepHash: 'sha256' }, fromHex(ppid));
  const svn = Buffer.alloc(2);
  svn.writeUInt16LE(pceSvn);
  const url = new URL(`${stand.service('pck-cache').url}/sgx/certification/v4/pckcert`);
  url.search = new URLSearchParams({
    qeid: number.toString(16).padStart(32, '0'),
    encrypted_ppid: toHex(encrypted),
    cpusvn: cpuSvn,
    pcesvn: toHex(svn),
    pceid: PCE_ID,
  }).toString();
  return url;
}
