import { concat, equal, fromUtf8 } from '@touchstone/bytes';
import { encodeSealedData, parseSealedData } from '@touchstone/quote';
import { aBareProcessor, anEnclaveOn } from '@touchstone/testkit';
import { type FuzzTarget, promise } from '../target';

/** What an untrusted host hands to an enclave: blobs to unseal, reports to believe. */
export function enclaveTargets(): readonly FuzzTarget[] {
  const processor = aBareProcessor({ fuses: 'fuzz' });
  const enclave = anEnclaveOn(processor);
  const peer = anEnclaveOn(processor, { code: 'peer' });
  const [data, additionalData] = [fromUtf8('sealed'), fromUtf8('in clear')];
  const blobs = [
    enclave.seal(data, { policy: 'mrenclave', additionalData }),
    enclave.seal(data, { policy: 'mrsigner' }),
  ];
  const report = peer.getReport(enclave.ownTargetInfo(), fromUtf8('to a neighbour'));
  return [
    {
      name: 'sealed-data',
      seeds: blobs,
      run: (input) => {
        const sealed = parseSealedData(input);
        promise(
          'accepted sealed data is encoded as it arrived',
          equal(encodeSealedData(sealed), input),
        );
        return `${Math.min(sealed.additionalText.length, 1)} ${sealed.keyRequest.keyName < 5}`;
      },
    },
    {
      name: 'unseal',
      seeds: blobs,
      tokens: blobs.map((blob) => blob.subarray(0, 512)),
      run: (input) => {
        const opened = enclave.unseal(input);
        promise(
          'what opens is what was sealed',
          blobs.some((blob) => equal(blob, input)),
        );
        return `${opened.policy} ${concat(opened.data, opened.additionalData).length}`;
      },
    },
    {
      name: 'local-report',
      seeds: [report],
      run: (input) => {
        enclave.verifyReport(input);
        promise('what is believed is what the processor made', equal(input, report));
        return 'believed';
      },
    },
  ];
}
