import type { FuzzTarget } from '../target';
import { certificateTargets } from './certificates';
import { collateralTargets } from './collateral';
import { enclaveTargets } from './enclaves';
import { judgementTargets } from './judgements';
import { machineTargets } from './machines';
import { policyTargets } from './policies';
import { quoteTargets } from './quotes';
import { reportTargets } from './reports';
import { previewTargets } from './preview-requests';
import { requestTargets } from './requests';
import { tokenTargets } from './tokens';

/** Every parser of bytes that nobody vouches for. Seeds come from a simulated machine: a second or so to make. */
export const fuzzTargets = (): readonly FuzzTarget[] => [
  ...quoteTargets(),
  ...certificateTargets(),
  ...collateralTargets(),
  ...reportTargets(),
  ...tokenTargets(),
  ...policyTargets(),
  ...requestTargets(),
  ...previewTargets(),
  ...machineTargets(),
  ...enclaveTargets(),
  ...judgementTargets(),
];
