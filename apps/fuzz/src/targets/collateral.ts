import { equal, fromUtf8 } from '@touchstone/bytes';
import { parseEnclaveIdentity, parseTcbInfo } from '@touchstone/collateral';
import { mutateJson } from '../json-mutations';
import { simulated, tcbInfoForms } from '../seeds';
import { type FuzzTarget, promise } from '../target';

const tokens = [
  '"tcbInfo":',
  '"enclaveIdentity":',
  '"signature":"',
  '"version":2,',
  '"version":3,',
  '"id":"TDX",',
  '"tcbStatus":"OutOfDate"',
  'UpToDate',
  'SWHardeningNeeded',
  '"pcesvn":65535,',
  '{"svn":255},',
  '2026-01-05T06:07:08Z',
  'null',
  '\\u0022',
].map(fromUtf8);

const endsWith = (body: Uint8Array, part: Uint8Array): boolean =>
  Buffer.from(body).includes(Buffer.from(part));

/** Intel's signed JSON documents. */
export function collateralTargets(): readonly FuzzTarget[] {
  const { collateral } = simulated();
  return [
    {
      name: 'tcb-info',
      seeds: tcbInfoForms(),
      tokens,
      shape: mutateJson,
      run(input) {
        const info = parseTcbInfo(input);
        promise('what is signed is what arrived', endsWith(input, info.signedBytes));
        promise('what is signed is one JSON object', isObject(info.signedBytes));
        promise('the signature has 64 bytes', info.signature.length === 64);
        return `${info.id} ${info.version} ${info.tdxModuleIdentities !== undefined}`;
      },
    },
    {
      name: 'enclave-identity',
      seeds: [collateral.qeIdentity],
      tokens: [...tokens, ...['TD_QE', 'QVE', 'QAE'].map(fromUtf8)],
      shape: mutateJson,
      run(input) {
        const identity = parseEnclaveIdentity(input);
        promise('what is signed is what arrived', endsWith(input, identity.signedBytes));
        promise('what is signed is one JSON object', isObject(identity.signedBytes));
        promise(
          'a second reading agrees',
          equal(parseEnclaveIdentity(input).mrsigner, identity.mrsigner),
        );
        return `${identity.id} ${identity.version}`;
      },
    },
  ];
}

function isObject(bytes: Uint8Array): boolean {
  const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
