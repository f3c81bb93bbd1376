import { isZero } from '@touchstone/bytes';
import { AttributeFlag, parseAttributes } from '@touchstone/quote';
import type { FieldWalk } from './field-walk';

/** Names of the flags that are set in ATTRIBUTES (16 bytes). */
export function attributesText(bytes: Uint8Array): string {
  const { flags } = parseAttributes(bytes);
  const names = Object.entries(AttributeFlag).filter(([, flag]) => (flags & flag) === flag);
  return names.map(([name]) => name).join(', ');
}

const reserved = (bytes: Uint8Array): string => (isZero(bytes) ? '' : 'reserved, and not zero');

/** REPORTBODY, 384 bytes (Intel SDM volume 3D, section 34.15). */
export function walkReportBody(walk: FieldWalk): void {
  walk.hex('cpuSvn', 16);
  walk.u32('miscSelect');
  walk.hex('reserved1', 12, reserved);
  walk.hex('isvExtProdId', 16);
  walk.hex('attributes', 16, attributesText);
  walk.hex('mrEnclave', 32);
  walk.hex('reserved2', 32, reserved);
  walk.hex('mrSigner', 32);
  walk.hex('reserved3', 32, reserved);
  walk.hex('configId', 64);
  walk.u16('isvProdId');
  walk.u16('isvSvn');
  walk.u16('configSvn');
  walk.hex('reserved4', 42, reserved);
  walk.hex('isvFamilyId', 16);
  walk.hex('reportData', 64);
}

const debugText = ([first = 0]: Uint8Array): string => ((first & 1) === 1 ? 'DEBUG' : '');

const tcbSvnText = ([module = 0, version = 0, loader = 0]: Uint8Array): string =>
  `module SVN ${module}, module version ${version}, SEAM loader SVN ${loader}`;

/** Body of a TD report 1.0, 584 bytes, and of a 1.5 with 64 more (Intel TDX DCAP quote format). */
export function walkTdReportBody(walk: FieldWalk, extended: boolean): void {
  walk.hex('teeTcbSvn', 16, tcbSvnText);
  for (const name of ['mrSeam', 'mrSignerSeam']) walk.hex(name, 48);
  walk.hex('seamAttributes', 8);
  walk.hex('tdAttributes', 8, debugText);
  walk.hex('xfam', 8);
  for (const name of ['mrTd', 'mrConfigId', 'mrOwner', 'mrOwnerConfig']) walk.hex(name, 48);
  for (const name of ['rtmr0', 'rtmr1', 'rtmr2', 'rtmr3']) walk.hex(name, 48);
  walk.hex('reportData', 64);
  if (!extended) return;
  walk.hex('teeTcbSvn2', 16, tcbSvnText);
  walk.hex('mrServiceTd', 48);
}
