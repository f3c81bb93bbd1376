import type { IsvSvnLevel, TcbInfo, TdxModule, TdxModuleIdentity } from '@touchstone/collateral';
import { equal, isZero, toHex } from '@touchstone/bytes';
import type { TdReportBody } from '@touchstone/quote';
import type { Trail } from './trail';

/** Bytes of TEE_TCB_SVN: SVN and major version of the TDX module. */
export const MODULE_SVN = 0;
export const MODULE_VERSION = 1;

/** The identity for a module version, `TDX_01` for 1; hex digits in either case. */
export function findModuleIdentity(
  tcbInfo: TcbInfo,
  version: number,
): TdxModuleIdentity | undefined {
  const id = `TDX_${version.toString(16).padStart(2, '0')}`.toUpperCase();
  return tcbInfo.tdxModuleIdentities?.find((identity) => identity.id.toUpperCase() === id);
}

/** The newest level that the module reaches. */
export function matchModuleLevel(
  identity: TdxModuleIdentity,
  isvSvn: number,
): IsvSvnLevel | undefined {
  return newestFirst(identity).find((level) => level.isvSvn <= isvSvn);
}

export const newestFirst = (identity: TdxModuleIdentity): readonly IsvSvnLevel[] =>
  [...identity.tcbLevels].sort((a, b) => b.isvSvn - a.isvSvn);

/**
 * The TDX module is Intel's, by the identity of its version, or by the one entry of TCB info when the quote names no
 * version (QVL, `QuoteVerifier`). The identity is given back when there is one.
 */
export function requireTdxModule(
  trail: Trail,
  body: TdReportBody,
  tcbInfo: TcbInfo,
): TdxModuleIdentity | undefined {
  const version = body.teeTcbSvn[MODULE_VERSION] ?? 0;
  const identity = version === 0 ? undefined : requireIdentity(trail, tcbInfo, version);
  const module = identity ?? tcbInfo.tdxModule;
  if (module === undefined) {
    return trail.fail('tdx-module-identity', 'TCB_INFO_MISMATCH', {
      detail: 'TCB info names no TDX module',
    });
  }
  requireModule(trail, body, module);
  return identity;
}

function requireIdentity(trail: Trail, tcbInfo: TcbInfo, version: number): TdxModuleIdentity {
  if (tcbInfo.tdxModuleIdentities === undefined) {
    return trail.fail('tdx-module-identity', 'TCB_INFO_MISMATCH', {
      detail: 'TCB info has no TDX module identities',
      read: `version ${version}`,
    });
  }
  const identity = findModuleIdentity(tcbInfo, version);
  if (identity === undefined) {
    return trail.fail('tdx-module-identity', 'TDX_MODULE_MISMATCH', {
      read: `version ${version}`,
      expected: tcbInfo.tdxModuleIdentities.map(({ id }) => id).join(', '),
    });
  }
  trail.passed('tdx-module-identity', { read: `version ${version}`, expected: identity.id });
  return identity;
}

function requireModule(trail: Trail, body: TdReportBody, module: TdxModule): void {
  trail.require(
    'tdx-mrsignerseam',
    equal(body.mrSignerSeam, module.mrSigner),
    'TDX_MODULE_MISMATCH',
    {
      read: toHex(body.mrSignerSeam),
      expected: toHex(module.mrSigner),
    },
  );
  const plain = isZero(body.seamAttributes) && equal(body.seamAttributes, module.attributes);
  trail.require('tdx-seamattributes', plain, 'TDX_MODULE_MISMATCH', {
    read: toHex(body.seamAttributes),
    expected: toHex(module.attributes),
  });
}
