import { fromHex } from '@touchstone/bytes';

/** A CA of report signing certificates that is believed, by its key. */
export interface ReportAnchor {
  /** Shown in results, such as `intel`. */
  readonly name: string;
  /** RSA, SubjectPublicKeyInfo DER. */
  readonly publicKey: Uint8Array;
}

/** Intel SGX Attestation Report Signing CA: RSA-3072, 2016-11-14 to 2049-12-31. */
export const INTEL_REPORT_SIGNING_CA: ReportAnchor = {
  name: 'intel',
  publicKey: fromHex(
    '308201a2300d06092a864886f70d01010105000382018f003082018a02820181009f3c647eb5773cbb512d27' +
      '32c0d7415ebb55a0fa9ede2e649199e6821db910d53177370977466a6a5e4786ccd2ddebd4149d6a2f632552' +
      '9dd10cc98737b0779c1a07e29c47a1ae004948476c489f45a5a15d7ac8ecc6acc645adb43d87679df59c093b' +
      'c5a2e9696c5478541b979e754b573914be55d32ff4c09ddf27219934cd990527b3f92ed78fbf29246abecb71' +
      '240ef39c2d7107b447545a7ffb10eb060a68a98580219e36910952683892d6a5e2a80803193e407531404e36' +
      'b315623799aa825074409754a2dfe8f5afd5fe631e1fc2af3808906f28a790d9dd9fe060939b125790c5805d' +
      '037df56a99531b96de69de33ed226cc1207d1042b5c9ab7f404fc711c0fe4769fb9578b1dc0ec469ea1a25e0' +
      'ff9914886ef2699b235bb4847dd6ff40b606e6170793c2fb98b314587f9cfd257362dfeab10b3bd2d97673a1' +
      'a4bd44c453aaf47fc1f2d3d0f384f74a06f89c089f0da6cdb7fceee8c9821a8e54f25c0416d18c46839a5f80' +
      '12fbdd3dc74d256279adc2c0d55aff6f0622425d1b0203010001',
  ),
};
