/** KEYREQUEST.KEYNAME. */
export const KEY_NAME = {
  EINITTOKEN: 0,
  PROVISION: 1,
  PROVISION_SEAL: 2,
  REPORT: 3,
  SEAL: 4,
} as const;

/** KEYREQUEST.KEYPOLICY bits; all but the first two belong to KSS enclaves. */
export const KEY_POLICY = {
  MRENCLAVE: 0x01,
  MRSIGNER: 0x02,
  NOISVPRODID: 0x04,
  CONFIGID: 0x08,
  ISVFAMILYID: 0x10,
  ISVEXTPRODID: 0x20,
} as const;
