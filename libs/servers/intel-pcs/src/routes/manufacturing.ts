import { createPublicKey } from 'node:crypto';
import type { Express, RequestHandler } from 'express';
import {
  PROCESSOR_MODELS,
  type Authority,
  type ManufacturedProcessor,
  type Tcb,
} from '@touchstone/authority';
import { fromHex, toHex } from '@touchstone/bytes';
import { publishArchitecturalEnclaves, signedEnclaveToJson } from '@touchstone/enclave';
import { handler, jsonBody, resource, SMALL_BODY_BYTES } from '@touchstone/http';
import { requireBearer } from '../bearer';
import { hexDigits } from '../parameters';
import { invalid } from '../request-error';
import type { IntelPcs } from '../service';

const CREATED = 201;
const MAX_PCE_SVN = 0xffff;

/** The factory: processors are made here, and the vendor's enclaves for them are handed out. Not an API of Intel's. */
export function manufacturingRoutes(app: Express, pcs: IntelPcs, token: string): void {
  const bearer = requireBearer(token);
  resource(app, '/manufacturing/processors', {
    post: [bearer, jsonBody(SMALL_BODY_BYTES), makeProcessor(pcs)],
  });
  resource(app, '/manufacturing/enclaves', {
    get: [
      bearer,
      handler(
        (_request, response) => void response.json(vendorParts(pcs.authority(), pcs.clock.now())),
      ),
    ],
  });
  resource(app, '/manufacturing/models', {
    get: [bearer, handler((_request, response) => void response.json(models(pcs)))],
  });
}

function makeProcessor(pcs: IntelPcs): RequestHandler {
  return handler(async (request, response) => {
    const { model, tcb } = readOrder(request.body);
    const at = pcs.makingDate();
    const made = pcs.authority().manufacture(pcs.random, { model, at, ...(tcb ? { tcb } : {}) });
    await pcs.fuses.add(made.platform);
    response
      .status(CREATED)
      .set('Cache-Control', 'no-store')
      .json({ ...processorParts(made), ...vendorParts(pcs.authority(), at) });
  });
}

interface Order {
  readonly model: string;
  readonly tcb?: Tcb;
}

function readOrder(body: unknown): Order {
  const { model, tcb } = membersOf('body', body);
  if (typeof model !== 'string') throw invalid('model', 'is no text');
  return tcb === undefined ? { model } : { model, tcb: readTcb(tcb) };
}

function readTcb(value: unknown): Tcb {
  const { cpuSvn, pceSvn } = membersOf('tcb', value);
  const svn = typeof pceSvn === 'number' && Number.isInteger(pceSvn) ? pceSvn : -1;
  if (svn < 0 || svn > MAX_PCE_SVN) throw invalid('pceSvn', 'is no SVN');
  return { components: [...fromHex(hexDigits('cpusvn', cpuSvn))], pceSvn: svn };
}

function membersOf(field: string, value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw invalid(field, 'is no JSON object');
  return { ...value };
}

/** What is fused into the processor, and what its maker says of it. The seal key is not the maker's to know. */
function processorParts({ platform, model, tcb, cpuSvn }: ManufacturedProcessor) {
  return {
    model: model.name,
    fmspc: model.fmspc,
    ca: model.ca,
    ppid: platform.ppid,
    rootProvisioningKey: toHex(platform.rootProvisioningKey),
    cpuSvn: toHex(cpuSvn),
    pceSvn: tcb.pceSvn,
  };
}

/** What every machine gets from its vendor: the signed architectural enclaves, and the keys behind them. */
function vendorParts(authority: Authority, at: Date) {
  const { publicKeyPem } = authority.ppid;
  const rsa3072 = new Uint8Array(
    createPublicKey(publicKeyPem).export({ type: 'spki', format: 'der' }),
  );
  const enclaves = publishArchitecturalEnclaves({
    ppidKeys: { rsa3072 },
    sign: (enclave, mrEnclave) => authority.signEnclave({ enclave, mrEnclave }, at),
  });
  return {
    ppidEncryptionKey: publicKeyPem,
    vendorMrSigner: toHex(authority.mrSigner),
    enclaves: {
      qe: signedEnclaveToJson(enclaves.qe),
      pce: signedEnclaveToJson(enclaves.pce),
    },
  };
}

/** Each model with the TCBs that are certified, highest first: a microcode update raises a processor to the first. */
function models(pcs: IntelPcs) {
  const at = pcs.clock.now();
  return PROCESSOR_MODELS.map((model) => ({
    model: model.name,
    platform: model.platform,
    fmspc: model.fmspc,
    ca: model.ca,
    tcbs: pcs
      .authority()
      .certifiedTcbs(model, at)
      .map(({ components, pceSvn }) => ({
        cpuSvn: toHex(Uint8Array.from(components)),
        pceSvn,
      })),
  }));
}
