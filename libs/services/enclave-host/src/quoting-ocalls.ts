import type { Machine } from '@touchstone/enclave';
import type { PckCertificates } from './pck-certificates';
import type { Ocalls } from './ports';

/** What every enclave may ask of its host: whom to report to, and a quote over a report. */
export const quotingOcalls = (machine: Machine<unknown>, pck: PckCertificates): Ocalls => ({
  'qe-target-info': async () => machine.quoting.targetInfo(),
  quote: async (report) =>
    machine.quoting.getQuote(report, (await pck.current()).certification).quote,
});
