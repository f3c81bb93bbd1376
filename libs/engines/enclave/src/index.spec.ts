import * as face from './index';

describe('the public face', () => {
  it('builds, signs, loads and launches enclaves', () => {
    expect(Object.keys(face).sort()).toEqual([
      'EnclaveError',
      'MAX_CODE_BYTES',
      'MAX_HEAP_PAGES',
      'MAX_MANIFEST_CHARACTERS',
      'MAX_THREADS',
      'architecturalSigner',
      'codeOf',
      'createImage',
      'createMachine',
      'loadEnclave',
      'manifestToJson',
      'parseManifest',
      'publishArchitecturalEnclaves',
      'publishLaunchEnclave',
      'signEnclave',
      'signedEnclaveFromJson',
      'signedEnclaveToJson',
    ]);
  });
});
