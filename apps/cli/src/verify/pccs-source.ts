import type { HttpClient } from '@touchstone/http-client';
import type { PcsDocument } from '@touchstone/pcs-client';
import { INTEL_PCS_URL, createPccsClient, createPcsClient } from '@touchstone/pcs-client';
import type { CollateralSource, FetchedDocument } from '@touchstone/service-verifier';

/** A PCK caching service, or Intel's own, as a source of what is missing. Both speak the same paths for documents. */
export function pccsSource(baseUrl: string, http: Pick<HttpClient, 'request'>): CollateralSource {
  const { origin } = new URL(baseUrl);
  const pcs = createPcsClient({ baseUrl, http });
  const pccs = createPccsClient({ baseUrl, http });
  return {
    name: origin,
    tcbInfo: async (tee, fmspc) => fetched(await pcs.tcbInfo(fmspc.toUpperCase(), { tee })),
    qeIdentity: async (tee) => fetched(await pcs.enclaveIdentity(tee === 'tdx' ? 'TD_QE' : 'QE')),
    pckCrl: async (ca) => fetched(await pcs.pckCrl(ca)),
    // Intel's service has no path for it: the root's own distribution point has it.
    rootCaCrl: () => (origin === INTEL_PCS_URL ? pcs : pccs).rootCaCrl(),
    pckCertificateChain: async (platform) => {
      const { certificate, issuerChain } = await pccs.pckCertificate(platform);
      return `${certificate}\n${issuerChain}`;
    },
  };
}

const fetched = ({ body, issuerChain }: PcsDocument): FetchedDocument => ({
  body,
  issuerChain: issuerChain.pem,
});
