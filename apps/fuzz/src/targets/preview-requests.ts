import { fromUtf8, toBase64Url, toUtf8 } from '@touchstone/bytes';
import { parseJson } from '@touchstone/claims';
import { parseRevocationList, revocationList, unsecuredJwt } from '@touchstone/token';
import { attestation } from '@touchstone/wire';
import { mutateJson } from '../json-mutations';
import { RUNTIME_DATA, simulated } from '../seeds';
import { type FuzzTarget, promise } from '../target';

const TOKEN = unsecuredJwt({ iss: 'https://localhost:7010/sharedeus2' });
const DIGEST = toBase64Url(new Uint8Array(32));
const words = [
  '"Quote":',
  '"EnclaveHeldData":null,',
  '"TOKEN":',
  'token=',
  '&',
  '=',
  '"revoked":[',
];
const tokens = words.map(fromUtf8);

/** Bodies of 2018-09-01-preview and of revocations, and the list that others read. */
export function previewTargets(): readonly FuzzTarget[] {
  const Quote = toBase64Url(simulated().quote.bytes);
  const bodies = [{ Quote, EnclaveHeldData: toBase64Url(RUNTIME_DATA) }, { quote: Quote }];
  return [
    {
      name: 'preview-attest-request',
      seeds: bodies.map((body) => fromUtf8(JSON.stringify(body))),
      tokens,
      shape: mutateJson,
      run: (input) => {
        const body = parseJson(toUtf8(input), 'body');
        const { evidence, runtimeData } = attestation.decodePreviewAttestRequest(body);
        promise('accepted evidence is not empty', evidence.length > 0);
        promise('held data is bytes or none', (runtimeData?.bytes.length ?? 1) > 0);
        return runtimeData ? 'held' : 'bare';
      },
    },
    {
      name: 'revocation-request',
      seeds: [TOKEN, JSON.stringify({ token: TOKEN }), `token=${TOKEN}`].map(fromUtf8),
      tokens,
      run: (input) => {
        const token = attestation.decodeRevocation(toUtf8(input));
        promise('an accepted token is not empty', token.length > 0);
        return token === TOKEN ? 'the token' : 'another';
      },
    },
    {
      name: 'revocation-list',
      seeds: [[], [DIGEST]].map((list) => fromUtf8(JSON.stringify(revocationList(list)))),
      tokens,
      shape: mutateJson,
      run: (input) => {
        const { size } = parseRevocationList(parseJson(toUtf8(input)));
        return `${Math.min(size, 3)}`;
      },
    },
  ];
}
