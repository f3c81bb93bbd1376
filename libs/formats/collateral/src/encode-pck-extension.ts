import { Tag, derBoolean, derInteger, derOctets, derOid, derSequence } from '@touchstone/pki';
import {
  CPU_SVN,
  PCE_SVN,
  type PckConfiguration,
  type PckExtension,
  type PckTcb,
  SGX_EXTENSION_OID,
  SGX_TYPES,
} from './pck-extension';

/** The value of the SGX extension, in Intel's order; 7 pairs when both Platform CA members are given. */
export function encodePckExtension(extension: PckExtension): Uint8Array {
  const { ppid, tcb, pceId, fmspc, sgxType, platformInstanceId, configuration } = extension;
  const pair = pairUnder(SGX_EXTENSION_OID);
  return derSequence(
    pair(1, derOctets(ppid)),
    pair(2, encodeTcb(tcb)),
    pair(3, derOctets(pceId)),
    pair(4, derOctets(fmspc)),
    pair(5, derInteger(SGX_TYPES.indexOf(sgxType), Tag.enumerated)),
    ...(platformInstanceId ? [pair(6, derOctets(platformInstanceId))] : []),
    ...(configuration ? [pair(7, encodeConfiguration(configuration))] : []),
  );
}

function encodeTcb({ components, pceSvn, cpuSvn }: PckTcb): Uint8Array {
  const pair = pairUnder(`${SGX_EXTENSION_OID}.2`);
  return derSequence(
    ...components.map((svn, index) => pair(index + 1, derInteger(svn))),
    pair(PCE_SVN, derInteger(pceSvn)),
    pair(CPU_SVN, derOctets(cpuSvn)),
  );
}

function encodeConfiguration({
  dynamicPlatform,
  cachedKeys,
  smtEnabled,
}: PckConfiguration): Uint8Array {
  const pair = pairUnder(`${SGX_EXTENSION_OID}.7`);
  return derSequence(
    pair(1, derBoolean(dynamicPlatform)),
    pair(2, derBoolean(cachedKeys)),
    pair(3, derBoolean(smtEnabled)),
  );
}

const pairUnder =
  (prefix: string) =>
  (arc: number, value: Uint8Array): Uint8Array =>
    derSequence(derOid(`${prefix}.${arc}`), value);
