/** Number of SGX TCB components, and of CPUSVN bytes. */
export const TCB_COMPONENTS = 16;

/** A TCB as a PCK certificate states it: 16 component SVNs (0..255, CPUSVN byte order) and the PCE's ISVSVN. */
export interface Tcb {
  readonly components: readonly number[];
  readonly pceSvn: number;
}

/** CPUSVN of a TCB: with TCB type 0, component i is byte i-1. */
export const cpuSvnOf = (tcb: Tcb): Uint8Array => Uint8Array.from(tcb.components);

/** Whether `tcb` is at `level` or above it: every component and the PCE SVN. */
export const reaches = (tcb: Tcb, level: Tcb): boolean =>
  tcb.pceSvn >= level.pceSvn &&
  level.components.every((svn, index) => (tcb.components[index] ?? 0) >= svn);

/** SGX-TCBm: CPUSVN (32 hex digits), then PCESVN little-endian (4), upper case. */
export function tcbmOf(tcb: Tcb): string {
  const pceSvn = Buffer.alloc(2);
  pceSvn.writeUInt16LE(tcb.pceSvn);
  return Buffer.concat([cpuSvnOf(tcb), pceSvn])
    .toString('hex')
    .toUpperCase();
}

export const MAX_COMPONENT_SVN = 255;

export const raised = (tcb: Tcb, by: Tcb): Tcb => ({
  components: tcb.components.map((svn, index) =>
    Math.min(svn + (by.components[index] ?? 0), MAX_COMPONENT_SVN),
  ),
  pceSvn: tcb.pceSvn + by.pceSvn,
});

/** Order of levels in a TCB info, ascending: components as a 16-byte string, then the PCE SVN. */
export const compareTcbs = (a: Tcb, b: Tcb): number =>
  Buffer.compare(cpuSvnOf(a), cpuSvnOf(b)) || a.pceSvn - b.pceSvn;
