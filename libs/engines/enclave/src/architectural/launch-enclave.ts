import { equal } from '@touchstone/bytes';
import {
  ARCHITECTURAL_ATTRIBUTE_MASK,
  ARCHITECTURAL_MISC_MASK,
  einitTokenMac,
  encodeEinitToken,
  type EnclaveAttributes,
  type EnclaveInstructions,
} from '@touchstone/platform';
import { AttributeFlag, KeyName, attributes, encodeKeyRequest } from '@touchstone/quote';
import { EnclaveError } from '../enclave-error';
import type { ListedSigner } from './bundle';
import { selfReport } from './self';

export interface LaunchRequest {
  readonly mrEnclave: Uint8Array;
  readonly mrSigner: Uint8Array;
  /** Without INIT. */
  readonly attributes: EnclaveAttributes;
}

export interface LaunchEnclave {
  /** An EINITTOKEN (304 bytes). @throws EnclaveError LE_SIGNER_NOT_LISTED, LE_INVALID_ATTRIBUTE */
  token(request: LaunchRequest): Uint8Array;
}

const { DEBUG, EINITTOKEN_KEY, PROVISION_KEY } = AttributeFlag;
const KEY_ID_BYTES = 32;

/** Who may launch what: debug enclaves of anybody, production enclaves of listed signers, launch enclaves of nobody. */
export function startLaunchEnclave(
  instructions: EnclaveInstructions,
  listed: readonly ListedSigner[],
): LaunchEnclave {
  return Object.freeze({
    token: (request: LaunchRequest) => {
      checkRequest(request, listed);
      return makeToken(instructions, request);
    },
  });
}

function checkRequest(request: LaunchRequest, listed: readonly ListedSigner[]): void {
  const { flags } = request.attributes;
  const signer = listed.find(({ mrSigner }) => equal(mrSigner, request.mrSigner));
  if (signer === undefined && (flags & DEBUG) === 0n) {
    throw new EnclaveError(
      'LE_SIGNER_NOT_LISTED',
      'production enclaves of this signer do not run',
      {
        field: 'mrSigner',
      },
    );
  }
  const isProvisioning = (flags & PROVISION_KEY) !== 0n && signer?.provisioning !== true;
  if ((flags & EINITTOKEN_KEY) !== 0n || isProvisioning) {
    throw new EnclaveError(
      'LE_INVALID_ATTRIBUTE',
      'the enclave asks for keys that it may not have',
      {
        field: 'attributes',
      },
    );
  }
}

function makeToken(instructions: EnclaveInstructions, request: LaunchRequest): Uint8Array {
  const self = selfReport(instructions);
  const keyId = instructions.random(KEY_ID_BYTES);
  const { flags, xfrm } = ARCHITECTURAL_ATTRIBUTE_MASK;
  const launchKey = instructions.egetkey(
    encodeKeyRequest({
      keyName: KeyName.EINITTOKEN,
      keyPolicy: 0,
      isvSvn: self.isvSvn,
      cpuSvn: self.cpuSvn,
      attributeMask: attributes(flags, xfrm),
      keyId,
      miscMask: ARCHITECTURAL_MISC_MASK,
      configSvn: 0,
    }),
  );
  const body = { valid: true, ...request };
  return encodeEinitToken({
    ...body,
    cpuSvnLe: self.cpuSvn,
    isvProdIdLe: self.isvProdId,
    isvSvnLe: self.isvSvn,
    maskedMiscSelectLe: self.miscSelect & ARCHITECTURAL_MISC_MASK,
    maskedAttributesLe: {
      flags: self.attributes.flags & flags,
      xfrm: self.attributes.xfrm & xfrm,
    },
    keyId,
    mac: einitTokenMac(launchKey, body),
  });
}
